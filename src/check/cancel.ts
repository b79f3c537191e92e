import type { AccessDeps } from '../audit/record-access.ts';
import type { Actor } from '../contract/actor.ts';
import { Problem } from '../contract/problem.ts';
import type { Caller } from '../contract/requester.ts';
import { type Check, hasEnded } from './state/check.ts';
import { endCheck, type EndDeps } from './state/end-check.ts';
import { publishPending } from './state/outbox.ts';
import type { EventDeps } from './state/event-of.ts';
import { noSuchCheck, recordReading } from './read.ts';
import { isOwn } from './sight/sight.ts';
import { canceled } from './state/transition.ts';

export type CancelDeps = EventDeps & EndDeps & AccessDeps;

/** A worker can be first that often before we ask the caller to try again. */
const MAX_TRIES = 8;

/**
 * Ends a check that has not ended: one's own, or any with `Check.Admin`. What Azure is doing for it goes on, and is
 * ignored. Throws `NotFound`, `CheckEnded`, `AuditUnavailable`, `StorageUnavailable`.
 */
export async function cancel(deps: CancelDeps, { caller, origin }: Actor, checkId: string): Promise<Check> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const found = await deps.store.find(checkId);
    if (!found || !mayCancel(caller, found.check)) throw noSuchCheck();
    const { check, version } = await publishPending(deps, found);
    if (hasEnded(check)) {
      // That somebody else's check has ended, and how, is read where it cannot be canceled any more.
      await recordReading(
        deps,
        { caller, origin },
        check,
        isOwn(caller, check) ? 'own' : 'admin',
        `/api/checks/${check.id}`,
      );
      throw new Problem('CheckEnded', `The check has ended already (${check.status}); its result stays.`);
    }
    const end = canceled(deps, check, { requester: caller.requester, ...origin });
    const ended = await endCheck(deps, { check, version }, end);
    if (ended) return ended;
  }
  throw new Problem('StorageUnavailable', 'The check is moving too fast to be canceled. Ask again.', {
    retryAfterSeconds: 1,
  });
}

const mayCancel = (caller: Caller, check: Check): boolean =>
  isOwn(caller, check) || caller.roles.includes('Check.Admin');
