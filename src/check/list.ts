import { type AccessDeps, recordAccess } from '../audit/record-access.ts';
import type { Actor } from '../contract/actor.ts';
import { withContacts } from '../policy/contact/with-contacts.ts';
import type { Policy } from '../policy/policy.ts';
import { requireRole } from '../policy/require-role.ts';
import type { CheckFilter, CheckList, CheckPage } from './ports/check-list.ts';
import { mayReadAll } from './sight/sight.ts';

export interface ListDeps extends AccessDeps {
  readonly checkList: CheckList;
  readonly policy: Pick<Policy, 'hash' | 'contacts'>;
}

export interface ListRequest {
  /** Whose checks; absent: one's own or, with `Audit.Read`, everybody's. */
  readonly filter: CheckFilter;
  readonly top: number;
  readonly after?: string | undefined;
  /** Path and query of the list, for the audit. */
  readonly resource: string;
}

/**
 * One's own checks or, with `Audit.Read`, others', which is audited before it is answered. Throws `MissingRole`,
 * `AuditUnavailable`, `StorageUnavailable`.
 */
export async function list(
  deps: ListDeps,
  actor: Actor,
  { filter, top, after, resource }: ListRequest,
): Promise<CheckPage> {
  const own = actor.caller.requester.id;
  const requester = mayReadAll(actor.caller) ? filter.requester : (filter.requester ?? own);
  if (requester !== own) {
    requireRole(actor.caller, 'Audit.Read');
    await recordAccess(deps, actor, { action: 'read', resource });
  }
  const page = await deps.checkList.page({ ...filter, requester }, top, after);
  return { ...page, checks: page.checks.map((check) => withContacts(deps.policy, check)) };
}
