import type { AuditLog } from '../audit/audit-log.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { RefusalCounts } from '../audit/refusal-counts.ts';
import type { Problem } from '../contract/problem.ts';
import { secondsAfter } from '../contract/time.ts';
import type { RequesterHistory } from './ports/requester-history.ts';
import type { WaitingCheck } from './state/check.ts';
import { type EventDeps, firstEventOf } from './state/event-of.ts';

export interface RefuseDeps extends EventDeps {
  readonly audit: AuditLog;
  readonly refusals: RefusalCounts;
  readonly history: RequesterHistory;
}

/** Beyond that many a minute a requester's refusals share one event, so that nobody fills the audit for free. */
const REFUSALS_PER_MINUTE = 60;

/** The refusal is in the audit, or counted there, before anybody is told. */
export async function refuse(deps: RefuseDeps, draft: WaitingCheck, problem: Problem): Promise<Problem> {
  const event = refusedEvent(deps, draft, problem);
  const { id } = draft.caller.requester;
  const lately = await deps.history.refusedSince(id, secondsAfter(deps.now(), -60), REFUSALS_PER_MINUTE);
  if (lately >= REFUSALS_PER_MINUTE) {
    await deps.refusals.add(event);
  } else {
    await deps.audit.record(event);
    await deps.history.addRefused(id, new Date(event.time), event.id, problem.code === 'TooManyRequests');
  }
  return problem;
}

/** A refused request has no check: it is never kept, so nothing points to it. A limit is policy, too. */
function refusedEvent(deps: RefuseDeps, draft: WaitingCheck, { code, message }: Problem): AuditEvent {
  // No rule decided.
  const decision = { ...draft.decision, allowed: false, rule: undefined, reason: message };
  const event = { ...firstEventOf(deps, draft), action: 'refused' as const };
  if (code !== 'TooManyRequests') return event;
  return { ...event, decision, outcome: { code } };
}
