import { requireRole } from '../../policy/require-role.ts';
import { Problem } from '../../contract/problem.ts';
import { rerun } from '../../check/rerun/rerun.ts';
import { type Line, usage } from '../../line/line.ts';
import { parseLine } from '../../line/parse-line.ts';
import { verbs } from '../../line/verbs.ts';
import { actingAs, type LookAfterDeps } from '../link/acting-as.ts';
import { openLink, type OpenLinkDeps } from '../link/open-link.ts';
import type { Link } from '../link/link.ts';
import { drawLink, drawLinked, drawLinkElsewhere, drawUnlinked, problemInWords } from '../draw/draw-words.ts';
import type { ChatMessage, ShownCheck } from '../message.ts';
import type { ChatDoor } from '../ports/chat-door.ts';
import type { Addressed, Asked, Awaited, ChatRequest } from '../request.ts';
import type { Answer, AnswerDeps, ChatCall } from './answer.ts';
import { answerInWords } from './answer-in-words.ts';
import { cancelCheck, perform, showSet } from './lines.ts';
import { shareHere, shownHere } from './share-here.ts';
import { showCheck, tellCheck } from './tell-check.ts';

export type AnswerRequestDeps = AnswerDeps & LookAfterDeps & OpenLinkDeps & { readonly door: ChatDoor };

/** What is to come back soon: the request is tried again, and nothing is told yet. */
const passing: readonly Problem['code'][] = ['StorageUnavailable', 'AuditUnavailable'];
export const isPassing = (error: unknown): error is Problem => error instanceof Problem && passing.includes(error.code);

/**
 * What a request is answered now. Whose account is linked with nobody is told how to link, and nothing else. Throws
 * `StorageUnavailable` and `AuditUnavailable`, and what is no Problem.
 */
export async function answerRequest(deps: AnswerRequestDeps, addressed: Addressed): Promise<Answer> {
  const { request } = addressed;
  const { asked, answered } = request;
  if (answered) return asLinked(deps, request, () => Promise.resolve(answerInWords(answered)));
  if (asked.kind === 'line') return answerLine(deps, request, asked);
  return asLinked(deps, request, async (call) =>
    asked.kind === 'linked' ? { message: drawLinked(call.link) } : performClick(deps, call, addressed, asked),
  );
}

async function answerLine(
  deps: AnswerRequestDeps,
  request: ChatRequest,
  { text, mentions = [] }: Extract<Asked, { kind: 'line' }>,
): Promise<Answer> {
  const read = parseLine(text, { mentions });
  if (read.ok && read.line.verb === 'link') return { message: await linkOrWhere(deps, request) };
  const answer = await asLinked(deps, request, async (call) => {
    if (!read.ok) throw new Problem('InvalidRequest', read.message);
    return performLine(deps, call, read.line);
  });
  return read.ok && doing.includes(read.line.verb) ? answer : readAnew(answer);
}

const doing: readonly Line['verb'][] = ['check', 'again', 'cancel', 'share', 'set'];

/** Where nothing was done, the next try asks for everything again: what may be read then, and is true. */
const readAnew = (answer: Answer): Answer => (answer.words ? { message: answer.message } : answer);

/** A code goes to its account alone: where others would see it none is made. */
async function linkOrWhere(deps: AnswerRequestDeps, request: ChatRequest): Promise<ChatMessage> {
  if (request.room !== undefined && !deps.door.tellsAlone) return drawLinkElsewhere();
  return drawLink(await openLink(deps, request));
}

/** What has become of what a request waits for. Throws as `answerRequest` does. */
export async function answerAwaited(
  deps: AnswerRequestDeps,
  { request }: Addressed,
  awaited: Awaited,
): Promise<Answer> {
  const { asked, room } = request;
  if (room && asked.kind === 'click' && asked.action === 'share-here') return shownHere(room, awaited.id);
  return asLinked(deps, request, (call) =>
    awaited.kind === 'check'
      ? showCheck(deps, call, awaited.id, { note: awaited.note, isWhole: asksForWhole(asked) })
      : showSet(deps, call, awaited.id),
  );
}

/** Whether it was the check itself that was asked for: its end is then as whole as it was before. */
function asksForWhole(asked: Asked): boolean {
  if (asked.kind !== 'line') return asked.kind === 'click' && asked.action === 'path';
  const read = parseLine(asked.text, { mentions: asked.mentions ?? [] });
  return read.ok && read.line.verb === 'show';
}

/** What one may read of a check is shown once more, as the check is now. Throws as `answerRequest` does. */
export const showAgain = (deps: AnswerRequestDeps, request: Asker, { id, ...told }: ShownCheck): Promise<Answer> =>
  asLinked(deps, request, async (call) => {
    requireRole(call.actor.caller, 'Check.Request');
    return showCheck(deps, call, id, told);
  });

/** Who asks, from where and since when. */
export type Asker = Pick<ChatRequest, 'id' | 'account' | 'origin' | 'room' | 'receivedAt'>;

async function asLinked(
  deps: AnswerRequestDeps,
  request: Asker,
  act: (call: ChatCall) => Promise<Answer>,
): Promise<Answer> {
  const found = await actingAs(deps, request.account);
  if (!found) return { message: drawUnlinked(deps.door.howToLink) };
  try {
    return await act(callOf(deps, request, found));
  } catch (error) {
    if (!(error instanceof Problem) || isPassing(error)) throw error;
    return answerInWords(problemInWords(error));
  }
}

const callOf = ({ door }: AnswerRequestDeps, { id, origin, room, receivedAt }: Asker, linked: Link): ChatCall => ({
  actor: { caller: linked.caller, origin },
  link: linked,
  key: `chat ${id}`,
  receivedAt,
  room,
  showLabel: door.showLabel,
});

async function performLine(deps: AnswerRequestDeps, call: ChatCall, line: Line): Promise<Answer> {
  const roles = line.verb === 'check' ? (['Check.Request'] as const) : verbs[line.verb].roles;
  requireRole(call.actor.caller, ...roles);
  switch (line.verb) {
    case 'check':
      return perform.check(deps, call, line);
    case 'again':
      return perform.again(deps, call, line);
    case 'cancel':
      return perform.cancel(deps, call, line);
    case 'share':
      return perform.share(deps, call, line);
    case 'set':
      return perform.set(deps, call, line);
    default:
      return performReading(deps, call, line);
  }
}

/** What changes nothing. */
type Reading = Exclude<Line, { readonly verb: 'check' | 'again' | 'share' | 'set' }>;

async function performReading(deps: AnswerRequestDeps, call: ChatCall, line: Reading): Promise<Answer> {
  switch (line.verb) {
    case 'show':
      return perform.show(deps, call, line);
    case 'compare':
      return perform.compare(deps, call, line);
    case 'flow':
      return perform.flow(deps, call, line);
    case 'list':
      return perform.list(deps, call, line);
    case 'endpoints':
      return perform.endpoints(deps, call, line);
    case 'me':
      return perform.me(deps, call, line);
    case 'help':
      return perform.help(deps, call, line);
    case 'cancel':
    case 'link':
      throw new Error(`The line ${line.verb} is performed elsewhere.`);
  }
}

async function performClick(
  deps: AnswerRequestDeps,
  call: ChatCall,
  addressed: Addressed,
  { action, checkId }: Extract<Asked, { kind: 'click' }>,
): Promise<Answer> {
  requireRole(call.actor.caller, 'Check.Request');
  switch (action) {
    case 'again':
      return askAgain(deps, call, checkId);
    case 'cancel':
      return cancelCheck(deps, call, checkId);
    case 'path':
      return showCheck(deps, call, checkId, { isWhole: true });
    case 'share-here':
      return shareHere(deps, call, addressed, checkId);
  }
}

/** A check that somebody has shown to all is not everybody's to ask again: whoever sees it can ask the same themselves. */
async function askAgain(deps: AnswerRequestDeps, call: ChatCall, checkId: string): Promise<Answer> {
  try {
    const { check } = await rerun(deps, call.actor, checkId, { idempotencyKey: call.key });
    return await tellCheck(deps, call, check);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'NotFound') throw error;
    throw new Problem(error.code, `${error.message} To ask the same yourself, write ${usage}.`);
  }
}
