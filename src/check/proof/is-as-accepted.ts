import { isOperationUrl } from '../../arm/is-operation-url.ts';
import { parseResourceId } from '../../arm/resource-id.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { probeHeaderSchema } from '../../contract/request/probe-header.ts';
import { grantsOf } from '../../policy/grants-of.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Check, OpenCheck } from '../state/check.ts';
import { targetOf } from '../state/event-of.ts';

/** `requested` events by the id of their check, as this process found them: the log is asked once a check. */
export type KnownRequests = Map<string, AuditEvent>;

export interface ProofDeps {
  readonly audit: AuditLog;
  readonly knownRequests: KnownRequests;
  readonly policy: Policy;
}

const MOST_KNOWN = 2000;

/**
 * Whether the audit has the request that a check's row says: the same requester with the same grants, source, destination,
 * port and protocol, and the network watcher where one was given; whether its probe says nothing that nobody may
 * ask for; and whether it runs where operations run. Throws `AuditUnavailable`.
 * docs/decisions.md#a-row-is-held-to-its-requested-event
 */
export async function isAsAccepted(deps: ProofDeps, check: OpenCheck): Promise<boolean> {
  if (!isPolledWhereOperationsRun(check) || !saysWhatMayBeAsked(check)) return false;
  return isSaidBy(deps, check, await requestedEvent(deps, check));
}

/** The `requested` event that says what the check's row says; `undefined` where there is none. Throws `AuditUnavailable`. */
export async function requestOf(deps: ProofDeps, check: Check): Promise<AuditEvent | undefined> {
  const event = await requestedEvent(deps, check);
  return isSaidBy(deps, check, event) ? event : undefined;
}

function isSaidBy(deps: ProofDeps, check: Check, event: AuditEvent | undefined): boolean {
  if (event?.action !== 'requested' || event.checkId !== check.id) return false;
  if (event.requester.id !== check.caller.requester.id || !isGranted(deps, check, event)) return false;
  const { networkWatcher, request } = check;
  // One that was found, and not given, is in the row alone.
  const given = event.target.networkWatcher === undefined ? undefined : networkWatcher;
  const isNear =
    networkWatcher === undefined || subscriptionOf(networkWatcher) === subscriptionOf(request.source.resourceId);
  return isNear && canonicalJson(event.target) === canonicalJson(targetOf(request, given));
}

/**
 * Whether the row's roles and groups are those of the decision in the event. That has the groups that the policy named
 * then: under another policy a row can have more, and no fewer. Every accepted request has a role; an event without one
 * does not tell them.
 */
function isGranted({ policy }: ProofDeps, { caller }: Check, { decision }: AuditEvent): boolean {
  const { roles, groups } = decision;
  if (roles !== undefined && !isSame(roles, caller.roles)) return false;
  if (decision.policy === policy.hash) return isSame(groups, grantsOf(policy, caller).groups);
  return groups === undefined || (!caller.groupsOverage && groups.every((group) => caller.groups.includes(group)));
}

const isSame = (one: readonly string[] | undefined, other: readonly string[] | undefined): boolean =>
  canonicalJson(one?.toSorted()) === canonicalJson(other?.toSorted());

/**
 * Whether what the row alone says, headers of a probe and the query of a URI, is what anybody may ask for: the audit has
 * neither, and a set's row is signed without the values of headers.
 */
const saysWhatMayBeAsked = ({ request }: Check): boolean =>
  (request.protocolConfiguration?.HTTPConfiguration?.headers ?? []).every(
    (header) => probeHeaderSchema.safeParse(header).success,
  ) && visibleAscii.test(request.destination.address ?? '');

/** As every address is in its one spelling. A line break would have a probe say another request. */
const visibleAscii = /^[\x21-\x7e]*$/;

/** One without an operation is polled nowhere. */
const isPolledWhereOperationsRun = (check: OpenCheck): boolean =>
  check.status === 'NotStarted' ||
  check.operationUrl === undefined ||
  isOperationUrl(check.operationUrl, check.request.source.resourceId);

const subscriptionOf = (resourceId: string): string | undefined => parseResourceId(resourceId)?.subscriptionId;

async function requestedEvent({ audit, knownRequests }: ProofDeps, check: Check): Promise<AuditEvent | undefined> {
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
