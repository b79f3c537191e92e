import type { AuditLog } from './audit-log.ts';
import type { AuditEvent } from './event.ts';
import type { RefusalCount, RefusalCounts } from './refusal-counts.ts';
import { uuidOfHash } from '../contract/uuid-of-hash.ts';
import { sha256 } from '../contract/sha256.ts';

interface Deps {
  readonly audit: AuditLog;
  readonly refusals: RefusalCounts;
  readonly now: () => Date;
}

/** No request is under way for that long: a count of a minute that ended before is final. */
const SETTLED_MILLISECONDS = 120_000;

/** Turns every settled count into one event, and answers how many. It can be run again at any point. */
export async function summariseRefusals({ audit, refusals, now }: Deps): Promise<{
  readonly count: number;
  /** For the log. */
  readonly warnings: readonly string[];
}> {
  const { counts, malformed } = await refusals.before(new Date(now().getTime() - SETTLED_MILLISECONDS));
  for (const count of counts) {
    await audit.record(summaryOf(count));
    await refusals.forget(count);
  }
  return {
    count: counts.length,
    warnings: malformed.map((place) => `The row ${place} is no count of refusals: it was passed over. Delete it.`),
  };
}

/** Made of requester and minute alone, so that it exists once however often it is written. */
function summaryOf({ minute, count, event }: RefusalCount): AuditEvent {
  const { requester, deputy, sourceAddress, decision, requestId } = event;
  return {
    ...{ requester, deputy, sourceAddress, decision, requestId },
    id: uuidOfHash(sha256(`refused ${requester.id} ${minute}`)),
    time: `${minute}:59.999Z`,
    action: 'refused',
    target: {},
    outcome: { code: 'Repeated', count },
  };
}
