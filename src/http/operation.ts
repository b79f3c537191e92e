import type { HttpMethod } from '@azure/functions';
import { z } from 'zod';
import type { ProblemCode } from '../contract/problem.ts';
import type { Role } from '../contract/requester.ts';

/** Query of an operation that takes none. */
export const noQuery = z.strictObject({});

/** What an answer looks like. */
export interface AnswerForm {
  readonly description: string;
  /** By media type; absent where there is no body. */
  readonly content?: Readonly<Record<string, z.ZodType>>;
}

/** One call of the HTTP API, as data: its trigger and what its handler reads are taken from it, and answers are held to it. */
export interface Operation<Query = unknown> {
  readonly method: HttpMethod;
  /** Without a slash in front, as the host takes it: `api/checks/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** One of these; none: any verified caller; absent: whoever asks, without a token. */
  readonly roles?: readonly Role[];
  /** Every query parameter that is known; others are refused. */
  readonly query: z.ZodType<Query>;
  /** Absent: a body is not looked at. */
  readonly body?: z.ZodType;
  /** How long a body may be; absent: as long as those of most calls. */
  readonly mostBytes?: number;
  /** A request without a body is one, too. */
  readonly bodyIsOptional?: true;
  /** By status, or by a class of them such as `4XX`. */
  readonly answers: Readonly<Record<string, AnswerForm>>;
  /** What can be answered instead, beside what any call can. */
  readonly problems: readonly ProblemCode[];
}
