import type { LimitState } from './answer/limit.ts';

/** Every error that a caller can be told. `http/status-of-code.ts` gives each its HTTP status. */
export const problemCodes = [
  'InvalidRequest',
  'InvalidToken',
  'MissingRole',
  'ForeignOrigin',
  'PolicyRefused',
  'NotFound',
  'CheckEnded',
  'CheckCanceled',
  'CheckOpen',
  'ProbeHeadersNeeded',
  'PayloadTooLarge',
  'UnsupportedMediaType',
  'IdempotencyKeyReused',
  'TooManyRequests',
  'Paused',
  'AuditUnavailable',
  'StorageUnavailable',
  'SigningKeysUnavailable',
  'ChatUnavailable',
  'DeadlineExceeded',
  'Poisoned',
  'AzureRefused',
  'AzureFailed',
  'ResultTooLarge',
  'NotAsAccepted',
  'InternalError',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** One fault among several: which field, and what to do about it. */
export interface FieldError {
  readonly code: string;
  readonly message: string;
  /** Path of the field, such as `destination.port`. */
  readonly target?: string;
}

interface ProblemDetails {
  readonly target?: string;
  readonly details?: readonly FieldError[];
  /** Azure Resource Manager's own error, as it came. */
  readonly innererror?: unknown;
  readonly retryAfterSeconds?: number;
  /** Of a refusal for too many requests: what is left of each limit. */
  readonly limits?: readonly LimitState[];
  readonly cause?: unknown;
}

/** The only error class: a closed code, and a message that says what to do next. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly target: string | undefined;
  readonly details: readonly FieldError[] | undefined;
  readonly innererror: unknown;
  readonly retryAfterSeconds: number | undefined;
  readonly limits: readonly LimitState[] | undefined;

  constructor(code: ProblemCode, message: string, more: ProblemDetails = {}) {
    super(message, { cause: more.cause });
    this.code = code;
    this.target = more.target;
    this.details = more.details;
    this.innererror = more.innererror;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.limits = more.limits;
  }
}
