import { z } from 'zod';
import { pageSchema } from '../../contract/answer/page.ts';
import { acceptedSetSchema, setSummarySchema, setViewSchema } from '../../contract/answer/set.ts';
import { checkRequestSchema } from '../../contract/request/check-request.ts';
import { setRequestSchema } from '../../contract/request/set/set-request.ts';
import { setExamples } from '../openapi/examples/sets.ts';
import type { AnswerHeaders } from '../openapi/known-headers.ts';
import { noQuery, type Operation } from '../operation.ts';
import { position, top } from '../query/fields.ts';

const MAX_PAGE = 50;
const MOST_BYTES = 256 * 1024;

const set = (description: string, headers: AnswerHeaders = {}) => ({
  description,
  headers,
  content: { 'application/json': setViewSchema },
});
const accepted = (description: string) => ({
  description,
  headers: { Location: 'always', 'Retry-After': 'sometimes', 'Preference-Applied': 'sometimes' } as const,
  content: { 'application/json': acceptedSetSchema },
});
const asItIs = { ETag: 'always', 'Retry-After': 'sometimes', 'Preference-Applied': 'sometimes' } as const;

const submitHeaders = ['Prefer', 'Idempotency-Key', 'Repeatability-Request-ID'] as const;
const id = { id: 'The id of the set; of your own newest its first 8 or more characters will do.' };

const problems = [
  ...(['NotFound', 'PayloadTooLarge', 'UnsupportedMediaType', 'IdempotencyKeyReused'] as const),
  ...(['TooManyRequests', 'Paused'] as const),
];

/** The calls about sets of checks. */
export const setOperations = {
  createSet: {
    method: 'POST',
    path: 'api/sets',
    summary: 'Asks for many checks at once',
    roles: ['Check.Request'],
    query: noQuery,
    requestHeaders: submitHeaders,
    body: setRequestSchema,
    mostBytes: MOST_BYTES,
    answers: {
      200: accepted('The set, which ended within the preferred wait.'),
      202: accepted('The set is accepted. What is refused is not tested; all else will end.'),
    },
    problems: [...problems, 'PolicyRefused'],
    examples: setExamples.createSet,
  },
  listSets: {
    method: 'GET',
    path: 'api/sets',
    summary: "Lists one's own sets, newest first",
    roles: ['Check.Request'],
    query: z.strictObject({ top: top(MAX_PAGE).optional(), after: position.optional() }),
    answers: {
      200: {
        description: 'Sets without their checks.',
        content: { 'application/json': pageSchema(setSummarySchema) },
      },
    },
    problems: [],
    examples: setExamples.listSets,
  },
  getSet: {
    method: 'GET',
    path: 'api/sets/{id}',
    pathParameters: id,
    summary: 'Shows a set and how each of its checks came out',
    roles: ['Check.Request', 'Audit.Read'],
    query: noQuery,
    requestHeaders: ['Prefer', 'If-None-Match'],
    answers: {
      200: set('The set as it is now.', asItIs),
      304: { description: 'It is as its ETag says.', headers: asItIs },
    },
    problems: ['NotFound'],
    examples: setExamples.getSet,
  },
  rerunSet: {
    method: 'POST',
    path: 'api/sets/{id}/rerun',
    pathParameters: id,
    summary: 'Asks for all of a set again',
    roles: ['Check.Request'],
    query: noQuery,
    requestHeaders: submitHeaders,
    body: z.strictObject({ reason: checkRequestSchema.shape.reason.nullable() }),
    bodyIsOptional: true,
    answers: {
      200: accepted('The new set, which ended within the preferred wait.'),
      202: accepted('The new set is accepted.'),
    },
    problems: [...problems, 'ProbeHeadersNeeded'],
    examples: setExamples.rerunSet,
  },
  cancelSet: {
    method: 'DELETE',
    path: 'api/sets/{id}',
    pathParameters: id,
    summary: 'Cancels what of a set has not ended',
    roles: ['Check.Request', 'Check.Admin'],
    query: noQuery,
    answers: { 200: set('The set, of which nothing runs any more.') },
    problems: ['NotFound'],
    examples: setExamples.cancelSet,
  },
} as const satisfies Readonly<Record<string, Operation>>;
