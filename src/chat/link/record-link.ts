import type { AccessDeps } from '../../audit/record-access.ts';
import type { Actor } from '../../contract/actor.ts';
import type { Account } from '../account.ts';

export type RecordLinkDeps = AccessDeps;

export interface LinkEvent {
  readonly action: 'linked' | 'unlinked' | 'refused';
  readonly account: Account;
  readonly decision: { readonly allowed: boolean; readonly reason: string };
}

/** Audits what becomes of a link. Throws `AuditUnavailable`. */
export async function recordLink(
  { audit, now, newId, deputy, policy }: RecordLinkDeps,
  { caller, origin }: Actor,
  { action, account, decision }: LinkEvent,
): Promise<void> {
  const roles = [...caller.roles, ...(caller.withheldRoles ?? [])];
  await audit.record({
    ...{ id: newId(), time: now().toISOString(), action, requester: caller.requester, deputy },
    ...origin,
    target: { resource: accountInWords(account) },
    decision: { ...decision, policy: policy.hash, ...(roles.length > 0 && { roles }) },
  });
}

/** Such as `slack/T012/U034`. */
export const accountInWords = ({ chat, team, user }: Account): string => `${chat}/${team}/${user}`;
