import type { Protocol } from './requests.ts';

export type Status = 'NotStarted' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
export type Reachability = 'Reachable' | 'Unreachable' | 'Degraded' | 'Inconclusive';

/** The verified person or application that a check is held to. */
export interface Requester {
  /** `<tenantId>/<objectId>` */
  readonly id: string;
  readonly tenantId: string;
  readonly objectId: string;
  readonly name: string;
  readonly kind: 'user' | 'app';
  /** The door that they came in by. */
  readonly via: 'http' | 'arm' | 'slack' | 'teams' | 'mcp';
  /** The program that speaks for them, as it names itself. */
  readonly agent?: string | undefined;
}

/** Who can act on a reason. `platform` is Azure; `nobody`: it is told, and nothing has to be done. */
export type Owner =
  'requester' | 'network team' | 'VM owner' | 'application' | 'platform' | 'proxy operator' | 'nobody';

export interface Reason {
  /** Stable, for programs. */
  readonly code: string;
  /** One plain sentence that names the place and the rule. */
  readonly message: string;
  /** Resource id, address or id of the hop, whichever is known first. */
  readonly hop?: string | undefined;
  /** Address of the hop, where `hop` is a resource id. */
  readonly address?: string | undefined;
  /** Name of the security rule or route that decides, as Azure writes it. */
  readonly rule?: string | undefined;
  /** What to do. */
  readonly action: string;
  readonly owner: Owner;
  /** Whom to ask, as the policy says. */
  readonly contact?: string | undefined;
}

/** What a check came to, in words that a person can act on. */
export interface Verdict {
  /** One plain sentence, in every state. */
  readonly summary: string;
  /** Once the check has succeeded. */
  readonly reachability?: Reachability | undefined;
  readonly reasons: readonly Reason[];
}

/** Azure's ConnectivityParameters, as they go to Azure. */
export interface ConnectivityParameters {
  readonly source: { readonly resourceId: string; readonly port?: number | undefined };
  readonly destination: {
    readonly resourceId?: string | undefined;
    readonly address?: string | undefined;
    readonly port?: number | undefined;
  };
  readonly protocol?: Protocol | undefined;
  readonly protocolConfiguration?:
    | {
        readonly HTTPConfiguration?:
          | {
              readonly method?: 'Get' | undefined;
              readonly headers?: readonly { readonly name: string; readonly value: string }[] | undefined;
              readonly validStatusCodes?: readonly number[] | undefined;
            }
          | undefined;
      }
    | undefined;
  readonly preferredIPVersion?: 'IPv4' | 'IPv6' | undefined;
}

/** What is not right with a source, and what to do about it. */
export interface Warning {
  readonly code: 'SourceStopped' | 'AgentAbsent' | 'WatcherAbsent';
  readonly message: string;
}

/** Why a check failed, or was refused; `innererror` is Azure's own error. */
export interface CheckError {
  readonly code: string;
  readonly message: string;
  readonly innererror?: unknown;
}

/** How a callback goes; its URL is told to nobody. */
export interface Callback {
  readonly origin: string;
  readonly status: 'pending' | 'delivered' | 'gone' | 'refused' | 'failed';
  readonly attempts: number;
}

export interface SharedWith {
  /** Object ids; absent: any holder of `Check.Request` who has the id. */
  readonly to?: readonly string[] | undefined;
  readonly until: string;
}

/** A check. Times are RFC 3339 in UTC. */
export interface Check {
  readonly id: string;
  readonly status: Status;
  readonly requester: Requester;
  /** As it goes to Azure. Values of probe headers are empty here. */
  readonly request: ConnectivityParameters;
  readonly reason?: string | undefined;
  readonly networkWatcher?: string | undefined;
  /** What was not right with the source when the check was accepted. */
  readonly warnings?: readonly Warning[] | undefined;
  /** When it was submitted. */
  readonly createdAt: string;
  /** When Azure accepted it. */
  readonly startedAt?: string | undefined;
  /** When it ended. */
  readonly finishedAt?: string | undefined;
  /** Azure's ConnectivityInformation as it came; not in lists. */
  readonly result?: unknown;
  readonly verdict: Verdict;
  readonly error?: CheckError | undefined;
  readonly callback?: Callback | undefined;
  /** The check that was asked for again. */
  readonly rerunOf?: string | undefined;
  /** The set that asked for it. */
  readonly setId?: string | undefined;
  readonly sharedWith?: SharedWith | undefined;
}

/** What the policy says of a request. */
export interface Decision {
  readonly allowed: boolean;
  /** Id of the rule that decided; absent where none matched. */
  readonly rule?: string | undefined;
  /** One sentence for the person: why, and whom to ask. */
  readonly reason: string;
  /** SHA-256 of the policy's file, in hex. */
  readonly policy: string;
  readonly roles?: readonly string[] | undefined;
  readonly groups?: readonly string[] | undefined;
}

/** What a check needs of its source, as far as it is known. */
export interface SourceState {
  readonly state: 'running' | 'stopped' | 'unknown';
  /** The Network Watcher agent. */
  readonly agent: 'present' | 'absent' | 'unknown';
  /** The network watcher of its region and subscription. */
  readonly watcher: 'present' | 'absent' | 'unknown';
}

/** A side that was asked for by a name, which a refusal does not resolve. */
export interface NamedSide {
  readonly endpoint?: string | undefined;
  readonly name?: string | undefined;
  readonly port?: number | undefined;
}

/** What a check would come to. */
export interface DryRun {
  readonly decision: Decision;
  readonly networkWatcher?: string | undefined;
  /** What would go to Azure; where it is refused, names stay names. */
  readonly request: Omit<ConnectivityParameters, 'source' | 'destination'> & {
    readonly source: ConnectivityParameters['source'] | NamedSide;
    readonly destination: ConnectivityParameters['destination'] | NamedSide;
  };
  /** Where it is allowed. */
  readonly source?: SourceState | undefined;
  readonly warnings?: readonly Warning[] | undefined;
}

/** One thing that is not as it was. */
export interface Change {
  readonly what: 'reachability' | 'reason' | 'hop' | 'latency' | 'loss';
  readonly before?: string | number | undefined;
  readonly after?: string | number | undefined;
  readonly sentence: string;
}

/** How a check ended. */
export interface Outcome {
  /** When it ended. */
  readonly at: string;
  readonly reachability?: Reachability | undefined;
  readonly error?: { readonly code: string } | undefined;
}

export interface Comparison {
  readonly check: Outcome & { readonly id: string };
  /** Absent where there is nothing to compare with; its `id` is there where one may read it. */
  readonly with?: (Outcome & { readonly id?: string | undefined }) | undefined;
  readonly changed: boolean;
  readonly changes: readonly Change[];
}

/** When something of a flow was so; `id` is there where one may read the check. */
export interface FlowMoment {
  readonly at: string;
  readonly id?: string | undefined;
}

/** What checks of a flow came to, whoever asked. */
export interface Flow {
  /** Resource id. */
  readonly source: string;
  /** Resource id or address. */
  readonly destination: string;
  readonly port?: number | undefined;
  readonly protocol?: string | undefined;
  readonly lastSuccess?: FlowMoment | undefined;
  /** The first after the last success, on its port and protocol. */
  readonly firstFailure?: FlowMoment | undefined;
  /** Between the two. */
  readonly changes: readonly Change[];
  readonly newest: readonly (Outcome & {
    readonly port?: number | undefined;
    readonly protocol?: string | undefined;
    readonly id?: string | undefined;
  })[];
}

/** What a check can start from; each machine can be its destination too. */
export interface Source extends SourceState {
  readonly name: string;
  readonly kind: 'virtualMachine' | 'scaleSetInstance' | 'bastionHost' | 'applicationGateway';
  readonly resourceId: string;
  readonly resourceGroup: string;
  readonly subscription: string;
  readonly region: string;
  /** Private addresses, as far as they are known and policy lets one test to them. */
  readonly addresses?: readonly string[] | undefined;
}

/** A subscription of which nothing, or not everything, could be read. */
export interface Unreadable {
  /** Its id; `**`: which subscriptions there are could not be read. */
  readonly subscription: string;
  readonly code: string;
}

/** What is left of a limit. */
export interface Limit {
  readonly name: 'requests' | 'active' | 'ports';
  readonly quota: number;
  readonly remaining: number;
  readonly windowSeconds?: number | undefined;
  readonly resetSeconds: number;
}

/** A rule of the policy that is about the caller. */
export interface Rule {
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  readonly sources?: readonly string[] | undefined;
  readonly destinations?: readonly string[] | undefined;
  readonly ports?: readonly string[] | undefined;
  readonly protocols?: readonly string[] | undefined;
  readonly reason?: string | undefined;
  readonly limits?:
    | {
        readonly requestsPerMinute?: number | undefined;
        readonly active?: number | undefined;
        readonly portsPerHour?: number | undefined;
      }
    | undefined;
}

/** A source or destination that the policy gives a name. */
export interface Endpoint {
  readonly name: string;
  readonly resourceId?: string | undefined;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

/** Who one is to the proxy, and what applies to one. */
export interface Me {
  readonly requester: Requester;
  readonly roles: readonly string[];
  /** SHA-256 of the policy's file, in hex. */
  readonly policy: string;
  readonly rules: readonly Rule[];
  readonly endpoints: readonly Endpoint[];
  /** Names of the sets of the policy that one may ask for. */
  readonly sets: readonly string[];
  readonly limits: readonly Limit[];
  /** While the operators have paused the proxy. */
  readonly paused?: { readonly reason?: string | undefined; readonly contact?: string | undefined } | undefined;
}

/** What was tested, or read. */
export interface AuditTarget {
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly port?: number | undefined;
  readonly protocol?: string | undefined;
  readonly networkWatcher?: string | undefined;
  /** Path and query of what was read or exported; the chat account that was linked or unlinked. */
  readonly resource?: string | undefined;
}

export type AuditAction =
  | 'requested'
  | 'refused'
  | 'started'
  | 'finished'
  | 'failed'
  | 'canceled'
  | 'read'
  | 'exported'
  | 'shared'
  | 'unshared'
  | 'linked'
  | 'unlinked';

/** One entry of the audit: who did what to which target, through whom, and what was decided. */
export interface AuditEvent {
  readonly id: string;
  readonly time: string;
  readonly action: AuditAction;
  readonly checkId?: string | undefined;
  readonly requester: Requester;
  /** The managed identity that acts in Azure: its client id, or `system-assigned`. */
  readonly deputy: string;
  readonly sourceAddress: string;
  readonly target: AuditTarget;
  readonly decision: Decision;
  readonly outcome?:
    | {
        readonly code?: string | undefined;
        readonly reachability?: Reachability | undefined;
        readonly reasons?: readonly string[] | undefined;
        readonly count?: number | undefined;
      }
    | undefined;
  readonly arm?:
    | {
        readonly status?: number | undefined;
        readonly requestId?: string | undefined;
        readonly correlationId?: string | undefined;
      }
    | undefined;
  /** Which POST to Azure, from 1. */
  readonly attempt?: number | undefined;
  /** Of `started`, in place of `attempt`: the check shares the run of this equal one. */
  readonly joined?: { readonly checkId: string } | undefined;
  readonly requestId: string;
  readonly traceparent?: string | undefined;
  readonly reason?: string | undefined;
  readonly sharedWith?: SharedWith | undefined;
  /** Of `shared`: the room of a chat that it was shown in. */
  readonly channel?: string | undefined;
  readonly fingerprint?: string | undefined;
}

/** What holding the audit to its checkpoints came to. */
export interface Verification {
  readonly valid: boolean;
  readonly events: number;
  readonly provenUntil?: string | undefined;
  /** Events that the next checkpoint will cover. */
  readonly pending: number;
  readonly faults: readonly {
    readonly kind:
      | 'checkpointMissing'
      | 'checkpointChanged'
      | 'wrongKey'
      | 'edited'
      | 'deleted'
      | 'moved'
      | 'inserted'
      | 'unproven'
      | 'late'
      | 'further';
    readonly place: string;
    readonly detail: string;
  }[];
  /** More than an hour between two checkpoints. */
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
}

/** Which check of a set it is. */
export interface SetTarget {
  readonly source: string;
  readonly destination: string;
  readonly port?: number | undefined;
  readonly protocol?: string | undefined;
}

/** How one check of a set stands. */
export interface SetCheck extends SetTarget {
  /** Absent for what waits for its turn, and for what never was a check. */
  readonly id?: string | undefined;
  readonly status: Status | 'Refused';
  readonly reachability?: Reachability | undefined;
  /** Of a rerun: whether it came out otherwise than the same check before. */
  readonly changed?: boolean | undefined;
  readonly sentence: string;
  readonly error?: CheckError | undefined;
}

/** A set without its checks, as lists have it. */
export interface SetSummary {
  readonly id: string;
  /** Of a set of the policy. */
  readonly name?: string | undefined;
  readonly createdAt: string;
  readonly rerunOf?: string | undefined;
  readonly callback?: Callback | undefined;
  /** The refused count, too. */
  readonly total: number;
  readonly counts: {
    /** All that has not ended; at 0 the set has. */
    readonly running: number;
    readonly reachable: number;
    readonly unreachable: number;
    readonly degraded: number;
    readonly inconclusive: number;
    readonly failed: number;
    readonly canceled: number;
    readonly refused: number;
  };
}

/** A set of checks. */
export interface CheckSet extends SetSummary {
  /** In the order asked. */
  readonly checks: readonly SetCheck[];
}

/** A set as it was accepted, and what of it was refused. */
export interface AcceptedSet extends CheckSet {
  readonly refused: readonly (SetTarget & { readonly error: CheckError })[];
}

export interface ConnectivityIssue {
  readonly origin?: string;
  readonly severity?: string;
  readonly type?: string;
  readonly context?: readonly Readonly<Record<string, string>>[];
  readonly [member: string]: unknown;
}

export interface ConnectivityHop {
  readonly type?: string;
  readonly id?: string;
  readonly address?: string;
  readonly resourceId?: string;
  readonly nextHopIds?: readonly string[];
  readonly issues?: readonly ConnectivityIssue[];
  readonly [member: string]: unknown;
}

/** What Azure answered, as it came: any member can be missing, and there can be more. */
export interface ConnectivityInformation {
  readonly hops?: readonly ConnectivityHop[];
  readonly connectionStatus?: string;
  readonly avgLatencyInMs?: number | null;
  readonly minLatencyInMs?: number | null;
  readonly maxLatencyInMs?: number | null;
  readonly probesSent?: number | null;
  readonly probesFailed?: number | null;
  readonly [member: string]: unknown;
}
