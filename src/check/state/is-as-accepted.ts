import { isOperationUrl } from '../../arm/is-operation-url.ts';
import { parseResourceId } from '../../arm/resource-id.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import type { OpenCheck } from './check.ts';
import { targetOf } from './event-of.ts';

/** `requested` events by the id of their check, as this process found them: the log is asked once a check. */
export type KnownRequests = Map<string, AuditEvent>;

export interface ProofDeps {
  readonly audit: AuditLog;
  readonly knownRequests: KnownRequests;
}

const MOST_KNOWN = 2000;

/**
 * Whether the audit has the request that a check's row says: the same requester, source, destination, port and protocol,
 * and the network watcher where one was given; and whether it runs where operations run. Throws `AuditUnavailable`.
 * docs/decisions.md#a-row-is-held-to-its-requested-event
 */
export async function isAsAccepted(deps: ProofDeps, check: OpenCheck): Promise<boolean> {
  if (!isPolledWhereOperationsRun(check)) return false;
  const event = await requestedEvent(deps, check);
  if (event?.action !== 'requested' || event.checkId !== check.id) return false;
  if (event.requester.id !== check.caller.requester.id) return false;
  const { networkWatcher, request } = check;
  // One that was found, and not given, is in the row alone.
  const given = event.target.networkWatcher === undefined ? undefined : networkWatcher;
  const isNear =
    networkWatcher === undefined || subscriptionOf(networkWatcher) === subscriptionOf(request.source.resourceId);
  return isNear && canonicalJson(event.target) === canonicalJson(targetOf(request, given));
}

/** One without an operation is polled nowhere. */
const isPolledWhereOperationsRun = (check: OpenCheck): boolean =>
  check.status === 'NotStarted' ||
  check.operationUrl === undefined ||
  isOperationUrl(check.operationUrl, check.request.source.resourceId);

const subscriptionOf = (resourceId: string): string | undefined => parseResourceId(resourceId)?.subscriptionId;

async function requestedEvent({ audit, knownRequests }: ProofDeps, check: OpenCheck): Promise<AuditEvent | undefined> {
  const { id, createdAt, requestedAt } = check;
  const known = knownRequests.get(id);
  if (known) return known;
  const event = await audit.find({ time: requestedAt ?? createdAt, subject: id, sequence: 1 });
  if (event) {
    const [oldest] = knownRequests.keys();
    if (knownRequests.size >= MOST_KNOWN && oldest !== undefined) knownRequests.delete(oldest);
    knownRequests.set(id, event);
  }
  return event;
}
