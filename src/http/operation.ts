import type { HttpMethod } from '@azure/functions';
import { z } from 'zod';
import type { ProblemCode } from '../contract/problem.ts';
import type { Role } from '../contract/requester.ts';
import type { Examples } from './openapi/example.ts';
import type { AnswerHeaders, RequestHeader } from './openapi/known-headers.ts';
import type { ProblemForm } from './problem-form.ts';

/** Query of an operation that takes none. */
export const noQuery = z.strictObject({});

/** Query of an operation that looks at none. */
export const anyQuery = z.looseObject({});

/** What an answer looks like. */
export interface AnswerForm {
  readonly description: string;
  /** Beside those that every answer has. */
  readonly headers?: AnswerHeaders;
  /** By media type; absent where there is no body. */
  readonly content?: Readonly<Record<string, z.ZodType>>;
}

/** Whoever needs no token is refused by nobody else. */
export const refusedByHost: Readonly<Record<string, AnswerForm>> = {
  '4XX': {
    description: 'The Functions host refuses a malformed request, such as one with a header that is not ASCII.',
  },
};

/**
 * One call of the HTTP API, as data: its trigger and what its handler reads are taken from it, the OpenAPI document is made
 * from it, and answers are held to it.
 */
export interface Operation<Query = unknown> {
  readonly method: HttpMethod;
  /** Without a slash in front, as the host takes it: `api/checks/{id}`; empty for the root. */
  readonly path: string;
  /** What each parameter of the path is. */
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly summary: string;
  /** More than the summary says, in CommonMark. */
  readonly description?: string;
  /** One of these; none: any verified caller; absent: whoever asks, without a token. */
  readonly roles?: readonly Role[];
  /** Every query parameter that is known; others are refused. */
  readonly query: z.ZodType<Query>;
  /** Headers that it takes beside those that every call takes. */
  readonly requestHeaders?: readonly RequestHeader[];
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
  /** How these are told; absent: as the API tells them. */
  readonly problemForm?: ProblemForm;
  readonly examples?: Examples;
}

/** Calls that belong together. */
export interface OperationGroup {
  readonly name: string;
  readonly description: string;
  readonly operations: Readonly<Record<string, Operation>>;
}
