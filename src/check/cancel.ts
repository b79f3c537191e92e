import type { AuditLog } from '../audit/audit-log.ts';
import { Problem } from '../contract/problem.ts';
import type { Caller } from '../contract/requester.ts';
import { type Check, hasEnded } from './state/check.ts';
import type { CheckStore } from './ports/check-store.ts';
import { publishAndClose, publishPending } from './state/outbox.ts';
import type { EventDeps } from './state/event-of.ts';
import { isOwn } from './read.ts';
import { canceled } from './state/transition.ts';

export interface CancelDeps extends EventDeps {
  readonly store: CheckStore;
  readonly audit: AuditLog;
}

/** A worker can be first that often before we ask the caller to try again. */
const MAX_TRIES = 8;

/**
 * Ends a check that has not ended: one's own, or any with `Check.Admin`. What Azure is doing for it goes on, and is
 * ignored. Throws `NotFound`, `CheckEnded`.
 */
export async function cancel(
  deps: CancelDeps,
  caller: Caller,
  origin: Check['origin'],
  checkId: string,
): Promise<Check> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const found = await deps.store.find(checkId);
    if (!found || !mayCancel(caller, found.check))
      throw new Problem('NotFound', 'There is no check of that id, or it is not yours.');
    const { check, version } = await publishPending(deps, found);
    if (hasEnded(check))
      throw new Problem('CheckEnded', `The check has ended already (${check.status}); its result stays.`);
    const written = await deps.store.replace(
      { check, version },
      canceled(deps, check, { requester: caller.requester, ...origin }),
    );
    if (!written) continue;
    await publishAndClose(deps, written);
    return written.check;
  }
  throw new Problem('StorageUnavailable', 'The check is moving too fast to be canceled. Ask again.', {
    retryAfterSeconds: 1,
  });
}

const mayCancel = (caller: Caller, check: Check): boolean =>
  isOwn(caller, check) || caller.roles.includes('Check.Admin');
