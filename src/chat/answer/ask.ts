import { readAsked } from '../../check/asked/read-asked.ts';
import { type Accepted, submit } from '../../check/submit.ts';
import { type FieldError, Problem } from '../../contract/problem.ts';
import { cutText } from '../../contract/text/cut-text.ts';
import { nearest } from '../../contract/text/nearest.ts';
import type { Line } from '../../line/line.ts';
import { type AskRequest, isNoMachine, requestsOf } from '../../line/requests-of.ts';
import { takenFor } from '../../line/taken-for.ts';
import { applicableTo } from '../../policy/applicable.ts';
import { listSources } from '../../sources/list-sources.ts';
import type { Answer, AnswerDeps, ChatCall } from './answer.ts';
import { tellCheck } from './tell-check.ts';

/** `SOURCE DESTINATION[:PORT] …`. Throws as a submit does. */
export async function ask(deps: AnswerDeps, call: ChatCall, line: Extract<Line, { verb: 'check' }>): Promise<Answer> {
  const meanings = requestsOf(line, applicableTo(deps.policy, call.actor.caller).endpoints);
  if (!meanings.ok) throw new Problem('InvalidRequest', meanings.message);
  try {
    const { accepted, meant } = await submitLikeliest(deps, call, meanings.requests);
    return await tellCheck(deps, call, accepted.check, { taken: takenFor(meant) });
  } catch (error) {
    throw await withNearestSource(deps, call, line.source, error);
  }
}

const MOST_SOURCES = 500;

/** The same problem in words of a chat, with the source that was probably meant by a name that nothing has. */
async function withNearestSource(
  deps: AnswerDeps,
  { actor }: ChatCall,
  word: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof Problem) || !error.details?.some(isUnknownSource)) return error;
  const { sources } = await listSources(deps, actor, { top: MOST_SOURCES });
  const known = [...applicableTo(deps.policy, actor.caller).endpoints, ...sources].map(({ name }) => name);
  const near = nearest(word, known);
  const instead =
    near === undefined ? 'write "endpoints" for those that are.' : `did you mean ${JSON.stringify(near)}?`;
  const message = `No source of the name ${JSON.stringify(cutText(word, MOST_SHOWN))} is open to you: ${instead}`;
  const details = error.details.map((each) => (isUnknownSource(each) ? { ...each, message } : each));
  return new Problem(error.code, error.message, { details });
}

const MOST_SHOWN = 100;

const isUnknownSource = ({ code, target }: FieldError): boolean => code === 'UnknownName' && target === 'source.name';

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
