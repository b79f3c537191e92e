/** Protocols that Azure can probe with. */
export type Protocol = 'Tcp' | 'Http' | 'Https' | 'Icmp';

/** Which resource to test from: exactly one of the first three. */
export interface CheckSource {
  readonly resourceId?: string | undefined;
  /** The name of an endpoint of the policy. */
  readonly endpoint?: string | undefined;
  /** The name of a machine, as `sources()` lists them. */
  readonly name?: string | undefined;
  readonly port?: number | undefined;
}

/** What to reach: exactly one of the first four. */
export interface CheckDestination {
  readonly resourceId?: string | undefined;
  /** An IP address, a host name, or an http or https URI. */
  readonly address?: string | undefined;
  /** The name of an endpoint of the policy. */
  readonly endpoint?: string | undefined;
  /** The name of a machine. */
  readonly name?: string | undefined;
  readonly port?: number | undefined;
}

/** What `submit`, `run` and `dryRun` ask: Azure's ConnectivityParameters, and some members more. */
export interface CheckRequest {
  readonly source: CheckSource;
  readonly destination: CheckDestination;
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
  /** A resource id. Absent: the one of the source's region is found. */
  readonly networkWatcher?: string | undefined;
  /** For the audit, up to 500 characters. */
  readonly reason?: string | undefined;
  /** Where the proxy posts the check once it has ended, as far as the policy allows it. */
  readonly callback?: CallbackRequest | undefined;
}

export interface CallbackRequest {
  readonly url: string;
}

/** What `sets.create` asks, in one of three forms: each source with each destination, whole requests, or a set of the policy. */
export interface SetRequest {
  readonly sources?: readonly CheckSource[] | undefined;
  readonly destinations?: readonly CheckDestination[] | undefined;
  readonly protocol?: Protocol | undefined;
  readonly checks?: readonly CheckRequest[] | undefined;
  /** The name of a set of the policy. */
  readonly name?: string | undefined;
  readonly reason?: string | undefined;
  readonly callback?: CallbackRequest | undefined;
}

/** One value, or several: any of them may hold. */
export type OneOrMore<T> = T | readonly T[];

/** A time with its offset, a day (`2026-03-01`), or how long ago: `-90m`, `-36h`, `-7d`. */
export type Moment = string;

/** What every search can ask for; each member must hold. */
export interface Search {
  /** Object ids, `<tenantId>/<objectId>`, or display names. */
  readonly requester?: OneOrMore<string> | undefined;
  /** Resource ids, or names of endpoints. */
  readonly source?: OneOrMore<string> | undefined;
  /** Resource ids, addresses, or names of endpoints. */
  readonly destination?: OneOrMore<string> | undefined;
  readonly port?: OneOrMore<number> | undefined;
  readonly protocol?: OneOrMore<Protocol> | undefined;
  /** Ids of rules of the policy. */
  readonly rule?: OneOrMore<string> | undefined;
  /** This time and later. */
  readonly from?: Moment | undefined;
  /** Before this time. */
  readonly to?: Moment | undefined;
  /** How many a page has at most. */
  readonly top?: number | undefined;
}
