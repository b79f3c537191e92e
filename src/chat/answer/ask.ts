import { readAsked } from '../../check/asked/read-asked.ts';
import { type Accepted, submit } from '../../check/submit.ts';
import { Problem } from '../../contract/problem.ts';
import type { Line } from '../../line/line.ts';
import { type AskRequest, isNoMachine, requestsOf } from '../../line/requests-of.ts';
import { takenFor } from '../../line/taken-for.ts';
import { applicableTo } from '../../policy/applicable.ts';
import type { Answer, AnswerDeps, ChatCall } from './answer.ts';
import { tellCheck } from './tell-check.ts';

/** `SOURCE DESTINATION[:PORT] …`. Throws as a submit does. */
export async function ask(deps: AnswerDeps, call: ChatCall, line: Extract<Line, { verb: 'check' }>): Promise<Answer> {
  const meanings = requestsOf(line, applicableTo(deps.policy, call.actor.caller).endpoints);
  if (!meanings.ok) throw new Problem('InvalidRequest', meanings.message);
  const { accepted, meant } = await submitLikeliest(deps, call, meanings.requests);
  return tellCheck(deps, call, accepted.check, { taken: takenFor(meant) });
}

/** Takes the words for the likeliest that they can mean; where no machine has the name, for the next. */
async function submitLikeliest(
  deps: AnswerDeps,
  call: ChatCall,
  [meant, ...others]: readonly AskRequest[],
): Promise<{ readonly accepted: Accepted; readonly meant: AskRequest }> {
  if (!meant) throw new Error('A check has a meaning.');
  try {
    return { accepted: await submitOne(deps, call, meant), meant };
  } catch (error) {
    const isOther = error instanceof Problem && error.code === 'InvalidRequest' && others.length > 0;
    if (!isOther || !isNoMachine(meant, error.details ?? [])) throw error;
    return submitLikeliest(deps, call, others);
  }
}

async function submitOne(deps: AnswerDeps, { actor, key }: ChatCall, body: AskRequest): Promise<Accepted> {
  const asked = await readAsked(deps, { actor, body, idempotencyKey: key });
  return submit(deps, actor, { asked, idempotencyKey: key });
}
