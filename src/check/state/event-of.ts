import type { AuditAction, AuditEvent, AuditTarget } from '../../audit/event.ts';
import type { ConnectivityParameters } from '../../arm/connectivity-parameters.ts';
import { stripQuery } from '../../contract/strip-query.ts';
import type { Check, WaitingCheck } from './check.ts';

/** What every event needs from outside. */
export interface EventDeps {
  readonly now: () => Date;
  readonly newId: () => string;
  /** The managed identity that acts in Azure. */
  readonly deputy: string;
}

type More = Partial<
  Pick<
    AuditEvent,
    | 'requester'
    | 'sourceAddress'
    | 'requestId'
    | 'traceparent'
    | 'outcome'
    | 'arm'
    | 'attempt'
    | 'joined'
    | 'sharedWith'
    | 'channel'
  >
>;

/** The event of a transition of a check: it repeats who asked, from where, and what was decided. */
export function eventOf(deps: EventDeps, check: Check, action: AuditAction, more: More = {}): AuditEvent {
  return { ...whoAskedWhat(deps, check), time: deps.now().toISOString(), action, checkId: check.id, ...more };
}

/** What the first event of a request has, be it accepted or refused; whose check it is, if any, is the caller's to say. */
export function firstEventOf(deps: EventDeps, draft: WaitingCheck): Omit<AuditEvent, 'action'> {
  return { ...whoAskedWhat(deps, draft), time: draft.createdAt, fingerprint: draft.fingerprint };
}

const whoAskedWhat = ({ newId, deputy }: EventDeps, check: Check) => ({
  id: newId(),
  requester: check.caller.requester,
  deputy,
  ...check.origin,
  target: targetOf(check.request, check.networkWatcher),
  decision: check.decision,
  ...(check.reason === undefined ? {} : { reason: check.reason }),
});

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
