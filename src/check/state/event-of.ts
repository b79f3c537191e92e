import type { AuditAction, AuditEvent, AuditTarget } from '../../audit/event.ts';
import type { ConnectivityParameters } from '../../arm/connectivity-parameters.ts';
import { stripQuery } from '../../contract/strip-query.ts';
import type { Check } from './check.ts';

/** What every event needs from outside. */
export interface EventDeps {
  readonly now: () => Date;
  readonly newId: () => string;
  /** The managed identity that acts in Azure. */
  readonly deputy: string;
}

type More = Partial<
  Pick<AuditEvent, 'requester' | 'sourceAddress' | 'requestId' | 'traceparent' | 'outcome' | 'arm' | 'attempt'>
>;

/** The event of a transition of a check: it repeats who asked, from where, and what was decided. */
export function eventOf(deps: EventDeps, check: Check, action: AuditAction, more: More = {}): AuditEvent {
  return {
    id: deps.newId(),
    time: deps.now().toISOString(),
    action,
    checkId: check.id,
    requester: check.caller.requester,
    deputy: deps.deputy,
    ...check.origin,
    target: targetOf(check.request, check.networkWatcher),
    decision: check.decision,
    ...(check.reason === undefined ? {} : { reason: check.reason }),
    ...more,
  };
}

/** What is tested, without the probe's headers. */
export function targetOf(request: ConnectivityParameters, networkWatcher?: string): AuditTarget {
  const { source, destination, protocol } = request;
  return {
    source: source.resourceId,
    destination: destination.resourceId ?? stripQuery(destination.address),
    ...(destination.port === undefined ? {} : { port: destination.port }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(networkWatcher === undefined ? {} : { networkWatcher }),
  };
}
