import type { ConnectivityParameters } from '../../arm/connectivity-parameters.ts';
import type { CallIds } from '../../arm/call-ids.ts';
import type { ProblemCode } from '../../contract/problem.ts';
import type { Advice } from '../../contract/verdict.ts';

/** What ARM's headers said of one call, for the audit. */
export interface ArmCallInfo {
  /** Absent where no answer came. */
  readonly status?: number;
  /** `x-ms-request-id` */
  readonly requestId?: string;
  /** `x-ms-correlation-request-id` */
  readonly correlationId?: string;
}

/** Why a check cannot be answered, and ARM's last answer as it came where there was one. */
export interface Failure {
  readonly code: ProblemCode;
  /** The cause. */
  readonly message: string;
  /** Where it is absent, the code's own holds (`failure-advice.ts`). */
  readonly advice?: Advice;
  /** ARM's own error object. */
  readonly innererror?: unknown;
  readonly answer?: { readonly status: number; readonly body: string };
}

/** Try again, no earlier than told. */
export interface Retry {
  readonly kind: 'retry';
  /** What ARM told, in seconds, within 1–3600; absent where it told nothing usable: then our own back-off applies. */
  readonly afterSeconds?: number;
  /** How many such answers in a row are borne; absent: until the check's deadline. */
  readonly atMost?: number;
  /** For how long such answers in a row are borne, counted from the first; absent: until the check's deadline. */
  readonly forSeconds?: number;
  /** What the check ends with when patience is over. */
  readonly failure: Failure;
}

/** Why a call brought nothing, and what ARM's headers said of it. */
export type CallFailure = { readonly arm: ArmCallInfo } & (
  { readonly kind: 'failed'; readonly failure: Failure } | Retry
);

/** What one call to ARM's connectivity check came to. */
export type Answer =
  | {
      readonly kind: 'running';
      readonly arm: ArmCallInfo;
      readonly operationUrl: string;
      readonly afterSeconds: number;
    }
  | { readonly kind: 'done'; readonly arm: ArmCallInfo; readonly body: string }
  | CallFailure;

/** Where the network watcher of a source is. */
export type Found = { readonly kind: 'found'; readonly networkWatcher: string } | CallFailure;

export type { CallIds };

/** Network Watcher through Azure Resource Manager. No method throws for what ARM answers, or for a lost connection. */
export interface NetworkWatcher {
  /** The network watcher of the source's subscription and region; nothing that was kept is believed where it is to be `fresh`. */
  readonly find: (sourceId: string, ids: CallIds, fresh?: boolean) => Promise<Found>;
  /** One POST to `connectivityCheck`. Can take 20 s and more. */
  readonly begin: (networkWatcher: string, parameters: ConnectivityParameters, ids: CallIds) => Promise<Answer>;
  /** One GET of the operation's newest URL. */
  readonly poll: (operationUrl: string, ids: CallIds) => Promise<Answer>;
}
