import type {
  AcceptedSet,
  AuditAction,
  AuditEvent,
  Check,
  CheckSet,
  Comparison,
  ConnectivityInformation,
  DryRun,
  Flow,
  Me,
  Reachability,
  SetSummary,
  Source,
  Status,
  Unreadable,
  Verification,
} from './answers.ts';
import { clientIn } from './client-in.ts';
import type { CheckRequest, Moment, OneOrMore, Protocol, Search, SetRequest } from './requests.ts';
import { world } from './world.ts';

export type * from './answers.ts';
export type * from './requests.ts';
export { type ErrorFacts, type FieldError, NetcheckError } from './netcheck-error.ts';

export interface ClientOptions {
  /** The proxy's address: https, or http on loopback. In a page that the proxy serves: `location.origin`. */
  readonly url: string | URL;
  /** Answers an access token for the proxy; asked before each request, so it should keep one as long as it is good. */
  readonly getToken: () => string | Promise<string>;
  /** In place of the global one. */
  readonly fetch?: typeof fetch | undefined;
  /** What the program is, such as `cli/1.2.3` or `web/1.2.3`. */
  readonly agent?: string | undefined;
}

/** What every call takes. A call whose signal is aborted throws the signal's reason; what was accepted goes on. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface HoldOptions extends CallOptions {
  /** For how many seconds, up to 120, the proxy may hold the answer until all has ended. */
  readonly wait?: number | undefined;
}

export interface SubmitOptions extends HoldOptions {
  /** The same key is the same check, also where the answer was lost. Without it the client makes one for each call. */
  readonly idempotencyKey?: string | undefined;
}

export interface RunOptions extends CallOptions {
  readonly idempotencyKey?: string | undefined;
}

export interface RerunOptions extends SubmitOptions {
  /** For the audit; the earlier one is not taken over. */
  readonly reason?: string | undefined;
}

export interface CompareOptions extends CallOptions {
  /** The newest that was `Reachable` (the default), the newest before, or the id of a check. */
  readonly with?: 'lastGood' | 'previous' | (string & {}) | undefined;
}

export interface ShareOptions extends CallOptions {
  /** Object ids; absent: any holder of `Check.Request` who has the id. */
  readonly to?: readonly string[] | undefined;
  /** At most 30 days from now; 7 days where it is absent. */
  readonly until?: string | Date | undefined;
}

export interface FlowOptions extends CallOptions {
  /** The name of an endpoint, or a resource id. */
  readonly source: string;
  /** The name of an endpoint, a resource id or an address. */
  readonly destination: string;
  readonly port?: number | undefined;
  readonly protocol?: Protocol | undefined;
}

export interface ListOptions extends Search, CallOptions {
  readonly status?: OneOrMore<Status> | undefined;
  readonly reachability?: OneOrMore<Reachability> | undefined;
  readonly outcome?: 'reachable' | 'notReachable' | undefined;
  /** Codes of failed checks. */
  readonly code?: OneOrMore<string> | undefined;
  /** `visible`: the checks that one's groups may read, in place of one's own. */
  readonly scope?: 'visible' | undefined;
}

export interface SourcesOptions extends CallOptions {
  /** Part of a name, in any letter case. */
  readonly search?: string | undefined;
  readonly top?: number | undefined;
}

export interface SetsOptions extends CallOptions {
  readonly top?: number | undefined;
}

export interface AuditOptions extends Search, CallOptions {
  readonly checkId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly action?: OneOrMore<AuditAction> | undefined;
  /** Codes of refusals and of failed checks. */
  readonly code?: OneOrMore<string> | undefined;
}

export type ExportFormat = 'csv' | 'ndjson';

export interface ExportOptions extends AuditOptions {
  readonly format: ExportFormat;
}

export interface VerificationOptions extends CallOptions {
  readonly from?: Moment | undefined;
  readonly to?: Moment | undefined;
}

export interface Page<T> {
  readonly value: readonly T[];
  readonly nextLink?: string | undefined;
}

/** A list that is read page by page, as far as it is looked at. */
export interface List<T, P extends Page<T> = Page<T>> extends AsyncIterable<T> {
  /** The same as whole pages. */
  readonly pages: () => AsyncIterable<P>;
}

/** A page of sources, and the subscriptions of which not everything could be read. */
export interface SourcesPage extends Page<Source> {
  readonly unreadable?: readonly Unreadable[] | undefined;
}

/** The calls of the proxy. Each throws `NetcheckError`. */
export interface Client {
  /** Asks for a check, which is accepted then, and will end. */
  readonly submit: (request: CheckRequest, options?: SubmitOptions) => Promise<Check>;
  /** What would be decided; nothing is run, kept or audited. */
  readonly dryRun: (request: CheckRequest, options?: CallOptions) => Promise<DryRun>;
  /** The check as it is now. */
  readonly get: (id: string, options?: HoldOptions) => Promise<Check>;
  /** What Azure answered, as it came; `undefined` while the check has not ended. Throws where it failed or was canceled. */
  readonly result: (id: string, options?: CallOptions) => Promise<ConnectivityInformation | undefined>;
  /** The check once it has ended. */
  readonly wait: (id: string, options?: CallOptions) => Promise<Check>;
  /** Submits, and waits. */
  readonly run: (request: CheckRequest, options?: RunOptions) => Promise<Check>;
  /** Checks without results, newest first. */
  readonly list: (options?: ListOptions) => List<Check>;
  /** Asks the same again. */
  readonly rerun: (id: string, options?: RerunOptions) => Promise<Check>;
  /** What is not as it was when the same was asked before. */
  readonly compare: (id: string, options?: CompareOptions) => Promise<Comparison>;
  /** When a flow worked last, when it failed first after that, and what changed. */
  readonly flow: (options: FlowOptions) => Promise<Flow>;
  /** Lets these persons, and from now on nobody else, read one's check. */
  readonly share: (id: string, options?: ShareOptions) => Promise<Check>;
  /** Ends a share. */
  readonly unshare: (id: string, options?: CallOptions) => Promise<Check>;
  readonly cancel: (id: string, options?: CallOptions) => Promise<Check>;
  /** Who one is to the proxy, and what applies to one. */
  readonly me: (options?: CallOptions) => Promise<Me>;
  /** What one may test from, by name. */
  readonly sources: (options?: SourcesOptions) => List<Source, SourcesPage>;
  readonly sets: Sets;
  readonly audit: Audit;
}

/** The calls about many checks at once. */
export interface Sets {
  readonly create: (request: SetRequest, options?: SubmitOptions) => Promise<AcceptedSet>;
  /** The set as it is now. */
  readonly get: (id: string, options?: HoldOptions) => Promise<CheckSet>;
  /** The set once all of it has ended. */
  readonly wait: (id: string, options?: CallOptions) => Promise<CheckSet>;
  /** One's own sets without their checks, newest first. */
  readonly list: (options?: SetsOptions) => List<SetSummary>;
  /** Asks for all of a set again. */
  readonly rerun: (id: string, options?: RerunOptions) => Promise<AcceptedSet>;
  /** Cancels what has not ended. */
  readonly cancel: (id: string, options?: CallOptions) => Promise<CheckSet>;
}

/** The calls about the audit. */
export interface Audit {
  /** Events, newest first. */
  readonly list: (options?: AuditOptions) => List<AuditEvent>;
  /** The same as a file, in pieces of up to 5,000 events. */
  readonly export: (options: ExportOptions) => AsyncIterable<string>;
  /** Holds the audit of a time, or of the last day, to its checkpoints. */
  readonly verification: (options?: VerificationOptions) => Promise<Verification>;
}

/** A client of the Connectivity Check Proxy, for Node and browsers. Its token goes to `url` and nowhere else. */
export function createClient(options: ClientOptions): Client {
  return clientIn(world, options);
}
