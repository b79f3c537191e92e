import { noSuchCheck, read } from '../../check/read.ts';
import { showIn } from '../../check/share/share.ts';
import { isHidden, isOwn, seenOf, withoutOthers } from '../../check/sight/sight.ts';
import { Problem } from '../../contract/problem.ts';
import { decide } from '../../policy/decide.ts';
import { readFlow } from '../../policy/rule/flow.ts';
import { renderCheck } from '../../rendering/render-check.ts';
import { viewWithResult } from '../../check/read.ts';
import { visible } from '../../rendering/visible.ts';
import type { Check } from '../../check/state/check.ts';
import { drawCheck, nameOf } from '../draw/draw-check.ts';
import { drawSentence } from '../draw/draw-words.ts';
import type { ChatDoor } from '../ports/chat-door.ts';
import type { Addressed, Room } from '../request.ts';
import type { Answer, AnswerDeps, ChatCall } from './answer.ts';
import { answerInSentence } from './answer-in-words.ts';

/**
 * A process can end between showing a check and the note that it was shown. So it is shown once more, but not again and
 * again to all who read there: then whoever clicked is told to look.
 */
const MOST_SHOWINGS = 2;

/**
 * Shows one's own check to all where it was asked for: what policy says now decides, and it is audited before it is
 * seen. Throws `NotFound`, `PolicyRefused`, `AuditUnavailable`, `StorageUnavailable`.
 */
export async function shareHere(
  deps: AnswerDeps & { readonly door: ChatDoor },
  call: ChatCall,
  addressed: Addressed,
  checkId: string,
): Promise<Answer> {
  const { door } = deps;
  const { actor, room } = call;
  const { account } = addressed.request;
  const check = await read(deps, actor, checkId);
  if (!isOwn(actor.caller, check)) throw noSuchCheck();
  if (!room) return { message: drawSentence('There is nobody here to show it to.') };
  await refuseByPolicy(deps, call, check);
  const why = await door.whyNotShown(addressed.request, room);
  if (why !== undefined) return { message: drawSentence(why) };
  if (addressed.request.tries > MOST_SHOWINGS) return { message: drawSentence(perhapsShown(room)) };
  await showIn(deps, actor, checkId, `${account.chat}/${account.team}/${room.id}`);
  // All who read there are other readers.
  const rendered = renderCheck(await viewWithResult(deps, withoutOthers(check), deps.pause), deps.publicUrl);
  const shownBy = visible(actor.caller.requester.name);
  const shown = await door.show(addressed, room, drawCheck(rendered, { isWhole: true, shownBy }));
  if (shown.kind !== 'shown') {
    deps.warn(
      shown.kind === 'unknown'
        ? 'It is not known whether a check was shown in a room.'
        : 'A check could not be shown in a room.',
      new Error(shown.cause),
      { checkId },
    );
    return answerInSentence(shown.kind === 'unknown' ? perhapsShown(room) : notShown(room));
  }
  return shownHere(room, checkId);
}

/** What whoever showed a check is told; once it was shown it is not shown again. */
export const shownHere = (room: Room, checkId: string): Answer => ({
  message: { ...drawSentence(`Shown in ${nameOf(room)}.`), isEvident: true },
  about: { kind: 'check', id: checkId },
});

const perhapsShown = (room: Room): string =>
  `It may not have been shown in ${nameOf(room)}: look there, and click again if it was not.`;

const notShown = (room: Room): string =>
  `It could not be shown in ${nameOf(room)}: the chat did not take it. If the app is no member there, invite it; then click again.`;

async function refuseByPolicy(deps: AnswerDeps, { actor: { caller } }: ChatCall, check: Check): Promise<void> {
  const decision = decide(deps.policy, caller, readFlow(check.request));
  if (!decision.allowed) throw new Problem('PolicyRefused', decision.reason);
  if (await isHidden(deps, caller, seenOf(check)))
    throw new Problem('PolicyRefused', 'The path of this check leads through what policy denies now: it is not shown.');
}
