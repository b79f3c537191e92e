/** One fault among several: which field, and what to do about it. */
export interface FieldError {
  readonly code: string;
  readonly message: string;
  /** Path of the field, such as `destination.port`. */
  readonly target?: string | undefined;
}

/** What an error tells beside its code and message. */
export interface ErrorFacts {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly details?: readonly FieldError[] | undefined;
  readonly target?: string | undefined;
  readonly innererror?: unknown;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** Every error of the client's calls but one: a call whose signal is aborted throws the signal's reason. */
export class NetcheckError extends Error {
  override readonly name: string = 'NetcheckError';
  /**
   * The proxy's code, such as `PolicyRefused`; `NoAnswer` where none came, and `UnexpectedAnswer` for one that is not the
   * proxy's, such as a gateway's page or a redirect.
   */
  readonly code: string;
  /** Of the HTTP answer; 0 where none came. */
  readonly status: number;
  /** What to quote to the operators of the proxy. */
  readonly requestId: string | undefined;
  /** Each field that is wrong. */
  readonly details: readonly FieldError[];
  readonly target: string | undefined;
  /** Azure's own error, as it came. */
  readonly innererror: unknown;
  /** When asking again can be worth it. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.code = code;
    this.status = facts.status ?? 0;
    this.requestId = facts.requestId;
    this.details = facts.details ?? [];
    this.target = facts.target;
    this.innererror = facts.innererror;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}
