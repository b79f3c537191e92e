import type { AccessDeps } from '../../audit/record-access.ts';
import type { Actor } from '../../contract/actor.ts';
import { Problem } from '../../contract/problem.ts';
import type { Stored } from '../ports/check-store.ts';
import { noSuchCheck, recordReading } from '../read.ts';
import { isOwn } from '../sight/sight.ts';
import { type Check, hasEnded } from '../state/check.ts';
import type { EventDeps } from '../state/event-of.ts';
import { type CloseDeps, publishAndClose, publishPending } from '../state/outbox.ts';
import { shared, type Sharing, shownIn } from '../state/transition.ts';

export type ShareDeps = EventDeps & CloseDeps & AccessDeps;

/** A worker can be first that often before we ask the caller to try again. */
const MAX_TRIES = 8;
/** Each has an event, and a worker waits for it: whoever shares without end would hold up the check and fill the audit. */
const MOST_SHARES = 50;

/**
 * Shares one's own check from now on with these and nobody else, in any state of it. Throws `NotFound`,
 * `InvalidRequest`, `AuditUnavailable`, `StorageUnavailable`.
 */
export const share = (deps: ShareDeps, actor: Actor, checkId: string, sharing: Sharing): Promise<Check> =>
  change(deps, actor, checkId, {
    may: (check) => isOwn(actor.caller, check),
    next: (check, by) => shared(deps, check, sharing, by),
    asOf: sharing.asOf,
  });

/**
 * Takes a share back: one's own or, with `Check.Admin`, anybody's. Where there is none nothing changes, and that another's
 * check was shown is audited. Throws as `share` does.
 */
export const unshare = (deps: ShareDeps, actor: Actor, checkId: string): Promise<Check> =>
  change(deps, actor, checkId, {
    may: (check) => isOwn(actor.caller, check) || actor.caller.roles.includes('Check.Admin'),
    next: (check, by) => shared(deps, check, {}, by),
    isUnshare: true,
  });

/** Audits that its requester shows a check in a room of a chat, before it is shown. Throws as `share` does. */
export const showIn = (deps: ShareDeps, actor: Actor, checkId: string, channel: string): Promise<Check> =>
  change(deps, actor, checkId, {
    may: (check) => isOwn(actor.caller, check),
    next: (check, by) => shownIn(deps, check, channel, by),
  });

interface Change {
  readonly may: (check: Check) => boolean;
  readonly next: (check: Check, by: Parameters<typeof shared>[3]) => Check;
  readonly isUnshare?: boolean;
  readonly asOf?: string | undefined;
}

async function change(
  deps: ShareDeps,
  { caller, origin }: Actor,
  checkId: string,
  { may, next, isUnshare, asOf }: Change,
): Promise<Check> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const found = await deps.store.find(checkId);
    if (!found || !may(found.check)) throw noSuchCheck();
    if (isUnshare && found.check.sharedWith === undefined) {
      const sight = isOwn(caller, found.check) ? 'own' : 'admin';
      await recordReading(deps, { caller, origin }, found.check, sight, `/api/checks/${checkId}/share`);
      return found.check;
    }
    // By this request itself, or by another, whose event may still be in the row.
    if (isChangedSince(found.check, asOf)) return told(deps, found);
    if (!isUnshare && (found.check.shares ?? 0) >= MOST_SHARES) throw tooOften();
    const ready = await publishPending(deps, found);
    const written = await deps.store.replace(ready, next(ready.check, { requester: caller.requester, ...origin }));
    if (written) return told(deps, written);
  }
  throw new Problem('StorageUnavailable', 'The check is moving too fast to be shared. Ask again.', {
    retryAfterSeconds: 1,
  });
}

const isChangedSince = ({ sharedAsOf }: Check, asOf: string | undefined): boolean =>
  asOf !== undefined && sharedAsOf !== undefined && asOf <= sharedAsOf;

const tooOften = (): Problem =>
  new Problem('InvalidRequest', `A check is shared at most ${MOST_SHARES} times: ask it again, and share the new one.`);

/** The event is in the row; whoever looks at the check next delivers it where this process does not come to that. */
async function told(deps: ShareDeps, written: Stored): Promise<Check> {
  if (hasEnded(written.check)) await publishAndClose(deps, written);
  else await publishPending(deps, written);
  return written.check;
}
