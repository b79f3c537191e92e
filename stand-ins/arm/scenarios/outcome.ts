/** One issue of a hop or link, in Azure's words. */
export interface Issue {
  readonly origin: 'Local' | 'Inbound' | 'Outbound';
  readonly severity: 'Error' | 'Warning';
  readonly type: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** A hop behind the source. */
export interface Hop {
  readonly type: string;
  readonly address: string;
  readonly resourceId?: string;
  readonly issues?: readonly Issue[];
  /** Issues of the link that leads here. */
  readonly linkIssues?: readonly Issue[];
  /** Context of the link that leads here. */
  readonly linkContext?: Readonly<Record<string, string | null>>;
}

/** What a check finds out; the source is the first hop of its own accord. */
export interface Finding {
  readonly connectionStatus: string;
  readonly probesSent: number;
  readonly probesFailed: number;
  /** Minimum, average, maximum in ms; Azure tells none where nothing answered. */
  readonly latencies?: readonly [number, number, number];
  readonly sourceIssues?: readonly Issue[];
  readonly hops: readonly Hop[];
  /** Members that Azure sends and does not document. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A body goes out as JSON, a text as HTML. */
export interface Refusal {
  readonly status: number;
  readonly body: object | string;
  /** In seconds of the real service */
  readonly retryAfter?: number;
  /** An error that carries a Location all the same, as Azure's do now and then. */
  readonly withLocation?: true;
}

/**
 * How ARM speaks of an operation where it does not speak as usual: in 200s with a state, the result wrapped; by a
 * relative Location, and polls that tell no newer one; as not known in this region of ARM at the first polls.
 */
export type Dialect = 'states' | 'few locations' | 'unknown at first';

/** What comes of a POST to `connectivityCheck`. */
export type Outcome =
  | { readonly kind: 'completes'; readonly finding: Finding; readonly atOnce?: true }
  | { readonly kind: 'completes in a dialect'; readonly finding: Finding; readonly dialect: Dialect }
  /** Refused `times` in a row, then done as `finally` says; and from the beginning. No `finally`: always refused. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly times: number; readonly finally?: Finding }
  /** Accepted; the poll that ends it answers an error. */
  | { readonly kind: 'fails'; readonly answer: { readonly status: number; readonly body: object } }
  | { readonly kind: 'never ends' }
  | { readonly kind: 'has no location' }
  | { readonly kind: 'is lost' };
