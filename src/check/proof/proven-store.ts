import type { AuditEvent } from '../../audit/event.ts';
import type { CheckStore } from '../ports/check-store.ts';
import type { Check } from '../state/check.ts';
import { type ProofDeps, requestOf } from './is-as-accepted.ts';

/**
 * A store that believes no row for being there: one that the app has not signed, such as those of earlier versions, is
 * held to the `requested` event of its check, and one that the audit knows nothing of is as if it were not there. A row
 * that is signed costs nothing but the look at its signature. `find` throws `AuditUnavailable`, too.
 * docs/decisions.md#a-checks-row-is-signed
 */
export const provenStore = (rows: CheckStore, deps: ProofDeps, onForged: (checkId: string) => void): CheckStore => ({
  ...rows,
  find: async (id, also) => {
    const found = await rows.find(id);
    if (!found?.unsigned) return found;
    const event = found.check.id === id ? await requestOf(deps, found.check) : undefined;
    if (event) return { check: asRequested(found.check, event), version: found.version };
    onForged(id);
    return also === 'forged' ? found : undefined;
  },
});

/** Who sees it, and by which rule, as the event says; nobody has signed with whom it is shared, so it is not. */
function asRequested(check: Check, event: AuditEvent): Check {
  const { caller, decision, awaited, pendingEvent } = check;
  const isOthers = pendingEvent !== undefined && !isOwn(pendingEvent, event);
  return {
    ...check,
    caller: { ...caller, requester: event.requester, groups: event.decision.groups ?? caller.groups },
    decision: decision.allowed ? event.decision : decision,
    sharedWith: undefined,
    pendingEvent: isOthers ? undefined : pendingEvent,
    // What stood open for an event that is not brought is still to be closed.
    awaited: isOthers ? true : awaited,
  };
}

const moves: readonly string[] = ['started', 'finished', 'failed', 'canceled'];

/** Whether it tells how the check has moved, in its requester's name: an unsigned row brings no other event. */
const isOwn = ({ action, checkId, requester }: AuditEvent, requested: AuditEvent): boolean =>
  moves.includes(action) && checkId === requested.checkId && requester.id === requested.requester.id;
