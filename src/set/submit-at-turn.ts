import { countRequest } from '../check/count-request.ts';
import { refuse } from '../check/refuse.ts';
import { ruleOf } from '../check/sight/sight.ts';
import type { WaitingCheck } from '../check/state/check.ts';
import { idOfKey } from '../check/state/check-id.ts';
import {
  type Accepted,
  draftOf,
  flowOfAsked,
  keep,
  refuseInTurn,
  type Submission,
  type SubmitDeps,
  takeTurn,
} from '../check/submit.ts';
import type { Actor } from '../contract/actor.ts';
import type { Problem } from '../contract/problem.ts';
import { sha256 } from '../contract/sha256.ts';

/** A set's member as its row says it, with the version of that row: where the row has moved on, nothing is accepted. */
export interface Turn {
  readonly setId: string;
  readonly index: number;
  readonly version: string;
  /** The set is a rerun. */
  readonly isAgain: boolean;
}

/** A limit that passes by itself keeps the member waiting for so long. */
export interface PutOff {
  readonly afterSeconds: number;
}

/**
 * Accepts a set's member at its turn as a submit would, but for limits that pass by themselves: they put it off, and of
 * that nothing is audited. Done again, it meets the same check. Throws as `submit` does.
 */
export function submitAtTurn(
  deps: SubmitDeps,
  actor: Actor,
  submission: Submission,
  turn: Turn,
): Promise<Accepted | PutOff> {
  return takeTurn(deps, actor, async () => {
    const flow = flowOfAsked(submission.asked);
    const draft = await memberDraft(deps, actor, submission, turn);
    if (!draft.decision.allowed) throw await refuseInTurn(deps, draft);
    const { limits, tooMany, passes } = await countRequest(deps, actor.caller.requester.id, flow, ruleOf(draft));
    if (tooMany && passes) return { afterSeconds: tooMany.retryAfterSeconds ?? 1 };
    if (tooMany) throw await refuse(deps, draft, tooMany);
    return { check: await keep(deps, draft, submission.asked, turn.version), limits };
  });
}

/** Audits that a member of a set is refused before it has a turn. */
export async function refuseMember(
  deps: SubmitDeps,
  actor: Actor,
  submission: Submission,
  problem: Problem,
): Promise<void> {
  const draft = await draftOf(deps, actor, submission, flowOfAsked(submission.asked));
  await deps.runExclusive(actor.caller.requester.id, () => refuse(deps, draft, problem));
}

/** Its id is made from its place in the set, so that it is one check however often its turn is begun. */
async function memberDraft(
  deps: SubmitDeps,
  actor: Actor,
  submission: Submission,
  { setId, index, isAgain }: Turn,
): Promise<WaitingCheck> {
  const secret = await deps.idSecret();
  const { requester } = actor.caller;
  const id = idOfKey(secret, { requester, call: 'member', key: `${setId}/${index}` });
  const draft = await draftOf(deps, actor, submission, flowOfAsked(submission.asked));
  // What a set asks for never changes, so its place says what is asked for.
  return { ...draft, id, fingerprint: sha256(id), member: { setId, index, ...(isAgain && { again: true }) } };
}
