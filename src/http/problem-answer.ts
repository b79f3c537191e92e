import type { HttpResponseInit } from '@azure/functions';
import { Problem } from '../contract/problem.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { statusOfCode } from './status-of-code.ts';

/** A Problem as an answer: `{"error": {code, message, requestId, target?, details?, innererror?}}`. */
export function problemAnswer(problem: Problem, requestId: string): HttpResponseInit {
  const { code, message, target, details, innererror, retryAfterSeconds, limits } = problem;
  return {
    status: statusOfCode[code],
    headers: {
      'x-ms-error-code': code,
      ...(code === 'InvalidToken' ? { 'www-authenticate': 'Bearer' } : {}),
      ...rateLimitHeaders(limits),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) }),
    },
    jsonBody: { error: { code, message, requestId, target, details, innererror } },
  };
}

/** What was not foreseen is told to the log; the caller learns that it is our fault. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(
    'InternalError',
    'The proxy broke down on this request. Tell its operators the requestId of this answer.',
    { cause: error },
  );
}
