import type { CheckStore, Stored } from '../check/ports/check-store.ts';
import { isMarked, type MarkDeps } from '../check/proof/callback-mark.ts';
import { type ViewDeps, viewWithResult } from '../check/read.ts';
import { type EndedCheck, hasEnded } from '../check/state/check.ts';
import type { EventDeps } from '../check/state/event-of.ts';
import { type CloseDeps, publishAndClose, publishPending } from '../check/state/outbox.ts';
import { callbackOver, calledBack } from '../check/state/transition.ts';
import { Problem } from '../contract/problem.ts';
import type { FindSubject, Subject } from './ports/subject.ts';

export type EndedCheckDeps = EventDeps & CloseDeps & ViewDeps & MarkDeps;

const MAX_TRIES = 8;

/** A check as what has an end. */
export function checkAsSubject(deps: EndedCheckDeps): FindSubject {
  return async ({ id }) => {
    const stored = await deps.store.find(id);
    if (!stored) return undefined;
    const { check } = stored;
    // Whoever wrote its end may have died since: all others who await it are woken, too.
    if (hasEnded(check)) await publishAndClose(deps, stored);
    return {
      type: 'check.ended',
      caller: check.caller,
      endedAt: hasEnded(check) ? new Date(check.finishedAt) : undefined,
      isOver: check.callback?.status !== 'pending',
      isNamed: ({ about, to }) => isMarked(deps.signingKey, check.callbackMark, about.id, to.url),
      view: () => viewWithResult(deps, check),
      tried: (attempts) => change(deps, id, (ended) => calledBack(ended, attempts)),
      over: (end) => change(deps, id, (ended) => callbackOver(deps, ended, end)),
    } satisfies Subject;
  };
}

/** Writes what became of a check's callback; of one that is over nothing is written any more. */
async function change(deps: EndedCheckDeps, id: string, next: (check: EndedCheck) => EndedCheck): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const stored = await openEnd(deps.store, id);
    if (!stored) return;
    const { check, version } = await publishPending(deps, stored);
    const written = await deps.store.replace({ check: stored.check, version }, next(check));
    if (!written) continue;
    await publishAndClose(deps, written);
    return;
  }
  throw new Problem('StorageUnavailable', 'The check is moving too fast to be told of.', { retryAfterSeconds: 1 });
}

/** Absent where its callback is over. */
async function openEnd(store: CheckStore, id: string): Promise<Stored<EndedCheck> | undefined> {
  const found = await store.find(id);
  if (!found) return undefined;
  const { check, version } = found;
  return hasEnded(check) && check.callback?.status === 'pending' ? { check, version } : undefined;
}
