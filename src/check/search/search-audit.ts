import type { AuditFilter, AuditHistory, AuditPage } from '../../audit/audit-history.ts';
import type { AuditAction } from '../../audit/event.ts';
import { type Access, type AccessDeps, recordAccess } from '../../audit/record-access.ts';
import type { Actor } from '../../contract/actor.ts';
import { auditContradictions, type eventCodes } from './audit-contradictions.ts';
import { type AskedSearch, assertCanMatch, resolveSearch, type SearchDeps } from './resolve-search.ts';

export interface SearchAuditDeps extends Omit<AccessDeps, 'policy'>, SearchDeps {
  readonly auditHistory: AuditHistory;
}

export interface AskedEvents extends AskedSearch {
  readonly checkId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly action?: readonly AuditAction[] | undefined;
  readonly code?: readonly (typeof eventCodes)[number][] | undefined;
}

export interface SearchRequest extends Pick<Access, 'action' | 'resource'> {
  readonly asked: AskedEvents;
  readonly top: number;
  readonly after?: string | undefined;
}

/**
 * A page of the audit, read or exported, which is audited before it is answered; and what was looked for, so that the next
 * page is of the same. The door has asked for `Audit.Read`. Throws `InvalidRequest` where nothing can be found,
 * `AuditUnavailable`, `StorageUnavailable`, and as `AuditHistory` does.
 */
export async function searchAudit(
  deps: SearchAuditDeps,
  actor: Actor,
  { action, resource, asked, top, after }: SearchRequest,
): Promise<AuditPage & { readonly filter: AuditFilter }> {
  const { filter: search, faults } = await resolveSearch(deps, actor, asked, 'events');
  const { checkId, requestId, action: actions, code: codes } = asked;
  const filter: AuditFilter = { ...search, checkId, requestId, actions, codes };
  assertCanMatch(filter, [...faults, ...auditContradictions(filter)]);
  await recordAccess(deps, actor, { action, resource });
  return { ...(await deps.auditHistory.page(filter, top, after)), filter };
}
