import { readBase } from './address.ts';
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
import { createCalls } from './calls.ts';
import type { CheckRequest, Moment, OneOrMore, Protocol, Search, SetRequest } from './requests.ts';
import { createSend } from './send.ts';
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
  pages(): AsyncIterable<P>;
}

/** A page of sources, and the subscriptions of which not everything could be read. */
export interface SourcesPage extends Page<Source> {
  readonly unreadable?: readonly Unreadable[] | undefined;
}

/** The calls of the proxy. Each throws `NetcheckError`. */
export interface Client {
  /** Asks for a check, which is accepted then, and will end. */
  submit(request: CheckRequest, options?: SubmitOptions): Promise<Check>;
  /** What would be decided; nothing is run, kept or audited. */
  dryRun(request: CheckRequest, options?: CallOptions): Promise<DryRun>;
  /** The check as it is now. */
  get(id: string, options?: HoldOptions): Promise<Check>;
  /** What Azure answered, as it came; `undefined` while the check has not ended. Throws where it failed or was canceled. */
  result(id: string, options?: CallOptions): Promise<ConnectivityInformation | undefined>;
  /** The check once it has ended. */
  wait(id: string, options?: CallOptions): Promise<Check>;
  /** Submits, and waits. */
  run(request: CheckRequest, options?: RunOptions): Promise<Check>;
  /** Checks without results, newest first. */
  list(options?: ListOptions): List<Check>;
  /** Asks the same again. */
  rerun(id: string, options?: RerunOptions): Promise<Check>;
  /** What is not as it was when the same was asked before. */
  compare(id: string, options?: CompareOptions): Promise<Comparison>;
  /** When a flow worked last, when it failed first after that, and what changed. */
  flow(options: FlowOptions): Promise<Flow>;
  /** Lets these persons, and from now on nobody else, read one's check. */
  share(id: string, options?: ShareOptions): Promise<Check>;
  /** Ends a share. */
  unshare(id: string, options?: CallOptions): Promise<Check>;
  cancel(id: string, options?: CallOptions): Promise<Check>;
  /** Who one is to the proxy, and what applies to one. */
  me(options?: CallOptions): Promise<Me>;
  /** What one may test from, by name. */
  sources(options?: SourcesOptions): List<Source, SourcesPage>;
  readonly sets: Sets;
  readonly audit: Audit;
}

/** The calls about many checks at once. */
export interface Sets {
  create(request: SetRequest, options?: SubmitOptions): Promise<AcceptedSet>;
  /** The set as it is now. */
  get(id: string, options?: HoldOptions): Promise<CheckSet>;
  /** The set once all of it has ended. */
  wait(id: string, options?: CallOptions): Promise<CheckSet>;
  /** One's own sets without their checks, newest first. */
  list(options?: SetsOptions): List<SetSummary>;
  /** Asks for all of a set again. */
  rerun(id: string, options?: RerunOptions): Promise<AcceptedSet>;
  /** Cancels what has not ended. */
  cancel(id: string, options?: CallOptions): Promise<CheckSet>;
}

/** The calls about the audit. */
export interface Audit {
  /** Events, newest first. */
  list(options?: AuditOptions): List<AuditEvent>;
  /** The same as a file, in pieces of up to 5,000 events. */
  export(options: ExportOptions): AsyncIterable<string>;
  /** Holds the audit of a time, or of the last day, to its checkpoints. */
  verification(options?: VerificationOptions): Promise<Verification>;
}

/** A client of the Connectivity Check Proxy, for Node and browsers. Its token goes to `url` and nowhere else. */
export function createClient({ url, getToken, fetch: given, agent }: ClientOptions): Client {
  if (agent !== undefined && !/^[\x21-\x7e]{1,100}$/.test(agent))
    throw new TypeError('agent: give visible ASCII without blanks, such as cli/1.2.3.');
  const base = readBase(url);
  // Browsers refuse their fetch as a method of something else.
  const send = createSend({ ...world, base, getToken, fetch: (...sent) => (given ?? fetch)(...sent), agent });
  return createCalls({ ...world, base, send });
}
