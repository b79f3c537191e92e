import type { RequestHeader } from './known-headers.ts';

/**
 * A call as it goes under `npm start` with the sample policy, and its answer. The document shows it and a test makes it;
 * ids, times and whatever else is another each time only have to be of the same kind.
 */
export interface Example {
  readonly summary: string;
  /** Parameters in the path. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Partial<Record<RequestHeader, string>>>;
  readonly body?: unknown;
  readonly status: number;
  /** JSON, unless `type` says otherwise; absent where the answer has no body. */
  readonly answer?: unknown;
  readonly type?: string;
}

/** By name: a parameter, a body and an answer of one name belong together. */
export type Examples = Readonly<Record<string, Example>>;
