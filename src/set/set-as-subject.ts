import type { AuditEvent } from '../audit/event.ts';
import { isMarked, type MarkDeps } from '../check/proof/callback-mark.ts';
import type { EventDeps } from '../check/state/event-of.ts';
import type { CallbackEnd } from '../check/state/transition.ts';
import { Problem } from '../contract/problem.ts';
import type { Subject } from '../notify/ports/subject.ts';
import type { StoredSet } from './ports/set-store.ts';
import { settle, type SettleDeps } from './settle.ts';
import { type CheckSet, isRunning } from './state/set.ts';
import { viewOfSet } from './state/view-of-set.ts';

type Deps = EventDeps & SettleDeps & MarkDeps;

const MAX_TRIES = 8;

/** A set as what has an end that is told. `undefined`: it was never accepted. */
export async function setAsSubject(deps: Deps, id: string): Promise<Subject | undefined> {
  const stored = await deps.sets.find(id);
  if (!stored) return undefined;
  const { set, members } = stored;
  return {
    type: 'set.ended',
    caller: set.caller,
    endedAt: members.some(isRunning) ? undefined : new Date(set.endedAt ?? deps.now()),
    isOver: set.callback?.status !== 'pending',
    isNamed: ({ about, to }) => isMarked(deps.signingKey, set.callbackMark, about.id, to.url),
    view: () => Promise.resolve(viewOfSet(set, members)),
    tried: (attempts: number) =>
      change(deps, id, ({ callback, ...rest }) => ({
        ...rest,
        ...(callback && { callback: { ...callback, attempts } }),
      })),
    over: (end: CallbackEnd) => change(deps, id, (open) => callbackOver(deps, open, end)),
  };
}

/** Its callback is over, as it was decided last. The event has no more of the URL than its origin. */
function callbackOver(deps: EventDeps, set: CheckSet, { status, attempts, decision }: CallbackEnd): CheckSet {
  if (!set.callback) return set;
  const event: AuditEvent = {
    id: deps.newId(),
    time: deps.now().toISOString(),
    action: 'exported',
    requester: set.caller.requester,
    deputy: deps.deputy,
    ...set.origin,
    target: { resource: set.callback.origin },
    decision,
    outcome: { code: status },
  };
  return {
    ...set,
    callback: { ...set.callback, status, attempts },
    callbackMark: undefined,
    pendingEvent: event,
    open: true,
  };
}

/** Writes what became of a set's callback; of one that is over nothing is written any more. */
async function change(deps: Deps, id: string, next: (set: CheckSet) => CheckSet): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const stored = await deps.sets.find(id);
    if (stored?.set.callback?.status !== 'pending') return;
    const written = await write(deps, stored, next(stored.set));
    if (!written) continue;
    if (written.set.pendingEvent) await settle(deps, written, 0);
    return;
  }
  throw new Problem('StorageUnavailable', 'The set is moving too fast to be told of.', { retryAfterSeconds: 1 });
}

/** What is told has ended: nothing of it waits. */
const write = (deps: Deps, stored: StoredSet, next: CheckSet): Promise<StoredSet | undefined> =>
  deps.sets.replace(stored, { ...next, dueAt: deps.now().toISOString() }, 0);
