import type { AuditLog } from '../../audit/audit-log.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import type { CheckStore, Stored } from '../ports/check-store.ts';
import type { Check } from '../state/check.ts';
import { publishPending } from '../state/outbox.ts';

interface Deps {
  readonly store: CheckStore;
  readonly audit: AuditLog;
}

/** A requester shares seldom; a worker that meets more of it than that is taken for one that lost. */
const MAX_SHARES = 4;

/**
 * Writes the next state of a check. Its requester may share it, or take the share back, at any time, also while a worker
 * waits for Azure: that moves the check nowhere, so the worker's state is written all the same, and keeps the share.
 * `undefined`: another worker was first, and nothing was written. Throws as `replace` does.
 */
export async function writeBesideShare<C extends Check>(
  deps: Deps,
  stored: Stored,
  next: C,
  answer?: string,
): Promise<Stored<C> | undefined> {
  let base = stored;
  let planned = next;
  for (let shares = 0; shares <= MAX_SHARES; shares++) {
    const written = await deps.store.replace(base, planned, answer);
    if (written) return written;
    const found = await deps.store.find(next.id);
    if (!found || !differsByShareAlone(found.check, base.check)) return undefined;
    const newer = await publishPending(deps, found);
    planned = carriedOver(planned, base.check, newer.check);
    base = newer;
  }
  return undefined;
}

function differsByShareAlone(one: Check, other: Check): boolean {
  const withoutShare = (check: Check): string =>
    canonicalJson({
      ...check,
      ...{ sharedWith: undefined, sharedAsOf: undefined, shares: undefined },
      ...{ audited: undefined, pendingEvent: undefined },
    });
  return one.audited > other.audited && withoutShare(one) === withoutShare(other);
}

/** The event of the transition is numbered after those of the shares. */
const carriedOver = <C extends Check>(planned: C, before: Check, newer: Check): C => ({
  ...planned,
  sharedWith: newer.sharedWith,
  sharedAsOf: newer.sharedAsOf,
  shares: newer.shares,
  audited: planned.audited + newer.audited - before.audited,
});
