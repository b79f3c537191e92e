import { askInWords } from '../../check/asked/ask-in-words.ts';
import { submit } from '../../check/submit.ts';
import type { Line } from '../../line/line.ts';
import type { Answer, AnswerDeps, ChatCall } from './answer.ts';
import { tellCheck } from './tell-check.ts';

/** `SOURCE DESTINATION[:PORT] …`. Throws as a submit does. */
export async function ask(deps: AnswerDeps, call: ChatCall, line: Extract<Line, { verb: 'check' }>): Promise<Answer> {
  const { actor, key } = call;
  const { asked, taken } = await askInWords(deps, { actor, ask: line, idempotencyKey: key });
  const { check } = await submit(deps, actor, { asked, idempotencyKey: key });
  return tellCheck(deps, call, check, { note: taken });
}
