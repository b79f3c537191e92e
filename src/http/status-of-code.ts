import type { ProblemCode } from '../contract/problem.ts';

/** The only place where a code becomes an HTTP status. */
export const statusOfCode: Readonly<Record<ProblemCode, number>> = {
  InvalidRequest: 400,
  InvalidToken: 401,
  MissingRole: 403,
  PolicyRefused: 403,
  NotFound: 404,
  CheckEnded: 409,
  CheckCanceled: 409,
  CheckOpen: 409,
  ProbeHeadersNeeded: 409,
  PayloadTooLarge: 413,
  UnsupportedMediaType: 415,
  IdempotencyKeyReused: 422,
  TooManyRequests: 429,
  InternalError: 500,
  AzureFailed: 502,
  AzureRefused: 502,
  NotAsAccepted: 502,
  Poisoned: 502,
  ResultTooLarge: 502,
  AuditUnavailable: 503,
  Paused: 503,
  SigningKeysUnavailable: 503,
  StorageUnavailable: 503,
  DeadlineExceeded: 504,
};
