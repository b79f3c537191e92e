import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { FieldError, Problem, ProblemCode } from '../../contract/problem.ts';
import type { AnswerHeaders } from '../openapi/known-headers.ts';
import { problemAnswer } from '../problem-answer.ts';
import type { ProblemForm } from '../problem-form.ts';
import { statusOfCode } from '../status-of-code.ts';

const entry = z.looseObject({ code: z.string(), message: z.string() });

/** Azure Resource Manager's ErrorResponse, as far as its clients read it. */
export const armErrorSchema = z.looseObject({ error: entry });

/** What is over: its clients would send the same again for a 5xx, three times and in silence. */
const over: readonly ProblemCode[] = [
  'AzureFailed',
  'AzureRefused',
  'DeadlineExceeded',
  'NotAsAccepted',
  'Poisoned',
  'ResultTooLarge',
];

/** Failed Dependency (RFC 4918). */
export const FAILED_DEPENDENCY = 424;

const mayRetry = (status: number): boolean => status === 429 || status === 503;

const retryAfter: AnswerHeaders = { 'Retry-After': 'sometimes' };
const headersOf: Readonly<Partial<Record<ProblemCode, AnswerHeaders>>> = {
  InvalidToken: { 'WWW-Authenticate': 'always' },
  TooManyRequests: { ...retryAfter, 'RateLimit-Policy': 'sometimes', RateLimit: 'sometimes' },
  ...{ Paused: retryAfter, AuditUnavailable: retryAfter },
  ...{ SigningKeysUnavailable: retryAfter, StorageUnavailable: retryAfter },
};

/** Problems as the clients of Azure Resource Manager are told of them: a 5xx says "ask again", and nothing else does. */
export const armProblemForm = {
  statusOf: (code) => (over.includes(code) ? FAILED_DEPENDENCY : statusOfCode[code]),
  schema: z.strictObject({
    error: z.strictObject({
      code: z.string(),
      message: z.string(),
      target: z.string().optional(),
      details: z
        .array(z.strictObject({ code: z.string(), message: z.string(), target: z.string().optional() }))
        .optional(),
    }),
  }),
  headersOf: (code) => headersOf[code] ?? {},
} satisfies ProblemForm;

/** Beyond that its clients would seem to hang: they wait as told, three times and in silence. */
const LONGEST_RETRY_AFTER_SECONDS = 60;

/** A problem in ARM's form: `{"error": {code, message, target?, details?}}`; what Azure said itself is among the details. */
export function armProblemAnswer(problem: Problem, requestId: string): HttpResponseInit {
  const { code, message, target, details = [], innererror } = problem;
  const status = armProblemForm.statusOf(code);
  const all = [...details, ...azuresOwn(innererror)];
  const { 'retry-after': seconds, ...headers } = Object.fromEntries(
    new Headers(problemAnswer(problem, requestId).headers),
  );
  return {
    status,
    headers: { ...headers, ...(isSoon(status, seconds) && { 'retry-after': seconds }) },
    jsonBody: { error: { code, message, target, ...(all.length > 0 && { details: all }) } },
  };
}

/** Python's clients send any request again whose answer has the header, whatever its status. */
const isSoon = (status: number, seconds: string | undefined): seconds is string =>
  seconds !== undefined && mayRetry(status) && Number(seconds) <= LONGEST_RETRY_AFTER_SECONDS;

function azuresOwn(innererror: unknown): readonly FieldError[] {
  const { data } = entry.safeParse(innererror);
  return data ? [{ code: data.code, message: data.message }] : [];
}
