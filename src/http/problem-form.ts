import type { z } from 'zod';
import type { ProblemCode } from '../contract/problem.ts';
import type { AnswerHeaders } from './openapi/known-headers.ts';

/** How the clients of a door are told of problems. */
export interface ProblemForm {
  readonly statusOf: (code: ProblemCode) => number;
  readonly schema: z.ZodType;
  /** Beside those that every problem has. */
  readonly headersOf: (code: ProblemCode) => AnswerHeaders;
}
