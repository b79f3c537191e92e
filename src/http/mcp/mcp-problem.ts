import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { Problem, ProblemCode } from '../../contract/problem.ts';
import { headersOfCode } from '../answers-of.ts';
import { problemAnswer } from '../problem-answer.ts';
import type { ProblemForm } from '../problem-form.ts';
import { statusOfCode } from '../status-of-code.ts';

/** An error of JSON-RPC; `data` is what the API says of a problem. */
export const rpcErrorSchema = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number()]).nullable(),
  error: z.strictObject({ code: z.int(), message: z.string(), data: z.unknown().optional() }),
});

/** Problems of a request that no message of which was looked at. */
export const mcpProblemForm = {
  statusOf: (code) => statusOfCode[code],
  schema: rpcErrorSchema,
  headersOf: (code) => headersOfCode[code] ?? {},
} satisfies ProblemForm;

const INVALID_REQUEST = -32_600;
const INTERNAL_ERROR = -32_603;
/** Of the range that JSON-RPC leaves to servers; what the libraries take for HTTP's own errors. */
const SERVER_ERROR = -32_000;

const codes: Readonly<Partial<Record<ProblemCode, number>>> = {
  InvalidRequest: INVALID_REQUEST,
  InternalError: INTERNAL_ERROR,
};

/** A problem in JSON-RPC's form; of a request without a good token it says where such a token is had (RFC 9728). */
export function mcpProblemAnswer(challenge: string, problem: Problem, requestId: string): HttpResponseInit {
  const { code, message } = problem;
  const { status, headers } = problemAnswer(problem, requestId);
  return {
    ...(status !== undefined && { status }),
    headers: {
      ...Object.fromEntries(new Headers(headers)),
      ...(code === 'InvalidToken' && { 'www-authenticate': challenge }),
    },
    jsonBody: {
      jsonrpc: '2.0',
      id: null,
      error: { code: codes[code] ?? SERVER_ERROR, message, data: { code, requestId } },
    },
  };
}
