import type { HttpResponseInit } from '@azure/functions';
import { Problem, type ProblemCode } from '../contract/problem.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';

/** The only place where a code becomes an HTTP status. */
export const statusOfCode: Readonly<Record<ProblemCode, number>> = {
  InvalidRequest: 400,
  InvalidToken: 401,
  MissingRole: 403,
  PolicyRefused: 403,
  NotFound: 404,
  CheckEnded: 409,
  CheckCanceled: 409,
  PayloadTooLarge: 413,
  UnsupportedMediaType: 415,
  IdempotencyKeyReused: 422,
  TooManyRequests: 429,
  InternalError: 500,
  AzureFailed: 502,
  AzureRefused: 502,
  Poisoned: 502,
  ResultTooLarge: 502,
  AuditUnavailable: 503,
  Paused: 503,
  SigningKeysUnavailable: 503,
  StorageUnavailable: 503,
  DeadlineExceeded: 504,
};

/** A Problem as an answer: `{"error": {code, message, target?, details?, innererror?}}`. */
export function problemAnswer(problem: Problem): HttpResponseInit {
  const { code, message, target, details, innererror, retryAfterSeconds, limits } = problem;
  return {
    status: statusOfCode[code],
    headers: {
      'x-ms-error-code': code,
      ...(code === 'InvalidToken' ? { 'www-authenticate': 'Bearer' } : {}),
      ...rateLimitHeaders(limits),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) }),
    },
    jsonBody: { error: { code, message, target, details, innererror } },
  };
}

/** What was not foreseen is told to the log; the caller learns that it is our fault. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(
    'InternalError',
    'The proxy broke down on this request. Tell its operators the x-ms-request-id of this answer.',
    { cause: error },
  );
}
