import { type AccessDeps, recordAccess } from '../audit/record-access.ts';
import type { Actor } from '../contract/actor.ts';
import type { Status } from '../contract/check.ts';
import type { ProblemCode } from '../contract/problem.ts';
import type { Reachability } from '../contract/verdict.ts';
import { withContacts } from '../policy/contact/with-contacts.ts';
import { requireRole } from '../policy/require-role.ts';
import type { CheckFilter, CheckList, CheckPage, Outcome } from './ports/check-list.ts';
import { checkContradictions } from './search/check-contradictions.ts';
import { type AskedSearch, assertCanMatch, resolveSearch, type SearchDeps } from './search/resolve-search.ts';
import { mayReadAll } from './sight/sight.ts';

export interface ListDeps extends Omit<AccessDeps, 'policy'>, SearchDeps {
  readonly checkList: CheckList;
}

/** `requester` absent: one's own or, with `Audit.Read`, everybody's. */
export interface AskedChecks extends AskedSearch {
  readonly status?: readonly Status[] | undefined;
  readonly reachability?: readonly Reachability[] | undefined;
  readonly outcome?: Outcome | undefined;
  readonly code?: readonly ProblemCode[] | undefined;
}

export interface ListRequest {
  readonly asked: AskedChecks;
  readonly top: number;
  readonly after?: string | undefined;
  /** Path and query of the list, for the audit. */
  readonly resource: string;
}

/** A page, and what was looked for, so that the next page is of the same. */
export type FoundChecks = CheckPage & { readonly filter: CheckFilter };

/**
 * One's own checks or, with `Audit.Read`, others', which is audited before it is answered. Throws `InvalidRequest` where
 * nothing can be found, `MissingRole`, `AuditUnavailable`, `StorageUnavailable`.
 */
export async function list(
  deps: ListDeps,
  actor: Actor,
  { asked, top, after, resource }: ListRequest,
): Promise<FoundChecks> {
  const filter = await filterOf(deps, actor, asked);
  const own = actor.caller.requester.id;
  const requesters = mayReadAll(actor.caller) ? filter.requesters : (filter.requesters ?? [own]);
  if (!requesters?.every((requester) => requester === own)) {
    requireRole(actor.caller, 'Audit.Read');
    await recordAccess(deps, actor, { action: 'read', resource });
  }
  const page = await deps.checkList.page({ ...filter, requesters }, top, after);
  return { ...page, checks: page.checks.map((check) => withContacts(deps.policy, check)), filter };
}

/** What is looked for, with names resolved. Throws `InvalidRequest` where nothing can be found, `MissingRole`, `StorageUnavailable`. */
export async function filterOf(deps: SearchDeps, actor: Actor, asked: AskedChecks): Promise<CheckFilter> {
  const { filter: search, faults } = await resolveSearch(deps, actor, asked, 'checks');
  const { status: statuses, reachability: reachabilities, outcome, code: codes } = asked;
  const filter: CheckFilter = { ...search, statuses, reachabilities, outcome, codes };
  assertCanMatch(filter, [...faults, ...checkContradictions(filter)]);
  return filter;
}
