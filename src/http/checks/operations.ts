import { z } from 'zod';
import { failureCodes } from '../../check/search/check-contradictions.ts';
import { comparisonSchema } from '../../contract/answer/comparison.ts';
import { azureAnswerSchema } from '../../contract/answer/connectivity-answer.ts';
import { dryRunSchema } from '../../contract/answer/dry-run.ts';
import { pageSchema } from '../../contract/answer/page.ts';
import { checkViewSchema, statusSchema } from '../../contract/check.ts';
import { checkRequestSchema } from '../../contract/request/check-request.ts';
import { reachabilitySchema } from '../../contract/verdict.ts';
import type { AnswerHeaders } from '../openapi/known-headers.ts';
import { noQuery, type Operation } from '../operation.ts';
import { position, searchFields, text, top, word, words } from '../query/fields.ts';
import { checkExamples } from '../openapi/examples/checks.ts';

const MAX_PAGE = 200;

/** `Unreachable` is a check that succeeded. */
const otherThanStatus = (given: string): string =>
  reachabilitySchema.options.some((each) => each.toLowerCase() === given.toLowerCase())
    ? ` ${given} is a reachability: ask for reachability=${given}, or for outcome=notReachable.`
    : '';

const check = (description: string, headers: AnswerHeaders = {}) => ({
  description,
  headers,
  content: { 'application/json': checkViewSchema },
});

/** Of a check that was accepted. */
const links = {
  'Operation-Location': 'always',
  Location: 'always',
  'RateLimit-Policy': 'sometimes',
  RateLimit: 'sometimes',
} as const;
const waited = { ...links, 'Preference-Applied': 'sometimes' } as const;
/** A dry run has none of them. */
const withoutDryRun = { ...waited, 'Operation-Location': 'sometimes', Location: 'sometimes' } as const;
const open = { ...waited, 'Retry-After': 'sometimes' } as const;

const asItIs = { ETag: 'always', 'Retry-After': 'sometimes', 'Preference-Applied': 'sometimes' } as const;

const submitHeaders = ['Prefer', 'Idempotency-Key', 'Repeatability-Request-ID'] as const;
const id = { id: 'The id of the check; of your own newest 200 its first 8 or more characters will do.' };

/** The calls about checks. */
export const checkOperations = {
  submitCheck: {
    method: 'POST',
    path: 'api/checks',
    summary: 'Asks for a connectivity check',
    roles: ['Check.Request'],
    query: z.strictObject({
      dryRun: z
        .enum(['true', 'false'], { error: 'Give true or false, once.' })
        .optional()
        .describe('Tells the decision; nothing is kept, counted or audited.'),
    }),
    requestHeaders: submitHeaders,
    body: checkRequestSchema,
    answers: {
      200: {
        description: 'The check, which ended within the preferred wait; or what a dry run would come to.',
        headers: withoutDryRun,
        content: { 'application/json': z.union([checkViewSchema, dryRunSchema]) },
      },
      202: check('The check is accepted, and will end.', open),
    },
    problems: [
      ...(['PayloadTooLarge', 'UnsupportedMediaType', 'PolicyRefused', 'IdempotencyKeyReused'] as const),
      ...(['TooManyRequests', 'Paused'] as const),
    ],
    examples: checkExamples.submitCheck,
  },
  listChecks: {
    method: 'GET',
    path: 'api/checks',
    summary: "Lists one's own checks or, with Audit.Read, everybody's, newest first",
    roles: ['Check.Request', 'Audit.Read'],
    query: z.strictObject({
      ...searchFields,
      status: words(statusSchema.options, otherThanStatus).optional().describe('Statuses, by commas.'),
      reachability: words(reachabilitySchema.options).optional().describe('Reachabilities, by commas.'),
      outcome: word(['reachable', 'notReachable']).optional().describe('How it ended, also by failing.'),
      code: words(failureCodes).optional().describe('Codes of failed checks, by commas.'),
      top: top(MAX_PAGE).optional(),
      scope: word(['visible'])
        .optional()
        .describe('`visible`: the checks that your groups may read by `visibleTo` of the rule they ran under.'),
      after: position.optional(),
    }),
    answers: {
      200: {
        description: "Checks without Azure's results.",
        content: { 'application/json': pageSchema(checkViewSchema) },
      },
    },
    problems: [],
    examples: checkExamples.listChecks,
  },
  getCheck: {
    method: 'GET',
    path: 'api/checks/{id}',
    pathParameters: id,
    summary: 'Shows a check',
    roles: ['Check.Request', 'Audit.Read'],
    query: noQuery,
    requestHeaders: ['Prefer', 'If-None-Match'],
    answers: {
      200: check('The check as it is now.', asItIs),
      304: { description: 'It is as its ETag says.', headers: asItIs },
    },
    problems: ['NotFound'],
    examples: checkExamples.getCheck,
  },
  getResult: {
    method: 'GET',
    path: 'api/checks/{id}/result',
    pathParameters: id,
    summary: 'Shows what Azure answered, as it came',
    roles: ['Check.Request', 'Audit.Read'],
    query: noQuery,
    answers: {
      200: {
        description: "Azure's answer, byte for byte.",
        content: { 'application/json': azureAnswerSchema },
      },
      202: { description: 'The check has not ended.', headers: { Location: 'always', 'Retry-After': 'always' } },
      '4XX': {
        description: "Azure's refusal, as it came.",
        headers: { 'x-ms-error-code': 'always' },
        content: { 'application/json': z.unknown().describe('An error of Azure Resource Manager.') },
      },
    },
    problems: [
      ...(['NotFound', 'CheckCanceled', 'PolicyRefused', 'DeadlineExceeded', 'Poisoned'] as const),
      ...(['AzureRefused', 'AzureFailed', 'ResultTooLarge', 'NotAsAccepted'] as const),
    ],
    examples: checkExamples.getResult,
  },
  cancelCheck: {
    method: 'DELETE',
    path: 'api/checks/{id}',
    pathParameters: id,
    summary: 'Cancels a check that has not ended',
    roles: ['Check.Request', 'Check.Admin'],
    query: noQuery,
    answers: { 200: check('The check, canceled.') },
    problems: ['NotFound', 'CheckEnded'],
    examples: checkExamples.cancelCheck,
  },
  rerunCheck: {
    method: 'POST',
    path: 'api/checks/{id}/rerun',
    pathParameters: id,
    summary: 'Asks again what a check asked',
    roles: ['Check.Request'],
    query: noQuery,
    requestHeaders: submitHeaders,
    body: z.strictObject({ reason: checkRequestSchema.shape.reason.nullable() }),
    bodyIsOptional: true,
    answers: {
      200: check('The new check, which ended within the preferred wait.', waited),
      202: check('The new check is accepted, and will end.', open),
    },
    problems: [
      ...(['NotFound', 'ProbeHeadersNeeded', 'PayloadTooLarge', 'UnsupportedMediaType', 'PolicyRefused'] as const),
      ...(['IdempotencyKeyReused', 'TooManyRequests', 'Paused'] as const),
    ],
    examples: checkExamples.rerunCheck,
  },
  compareCheck: {
    method: 'GET',
    path: 'api/checks/{id}/comparison',
    pathParameters: id,
    summary: 'Tells what is not as it was when the same was asked before',
    roles: ['Check.Request', 'Audit.Read'],
    query: z.strictObject({
      with: text.optional().describe('`lastGood` (the default), `previous`, or the id of a check.'),
    }),
    answers: { 200: { description: 'What changed.', content: { 'application/json': comparisonSchema } } },
    problems: ['NotFound', 'CheckOpen'],
    examples: checkExamples.compareCheck,
  },
  shareCheck: {
    method: 'POST',
    path: 'api/checks/{id}/share',
    pathParameters: id,
    summary: "Shares one's own check from now on with these and nobody else",
    roles: ['Check.Request'],
    query: noQuery,
    body: z.strictObject({
      to: z
        .array(z.guid('Give the object id of a person or an application, a GUID.'))
        .min(1, 'Name somebody, or leave it out to share with anybody who may ask for checks and has the id.')
        .max(100, 'Name at most 100.')
        .nullish(),
      until: z.iso
        .datetime({ offset: true, error: 'Give a time such as 2026-03-01T10:00:00Z.' })
        .nullish()
        .describe('At most 30 days from now; 7 days where it is absent.'),
    }),
    bodyIsOptional: true,
    answers: { 200: check('The check, with `sharedWith`.') },
    problems: ['NotFound', 'PayloadTooLarge', 'UnsupportedMediaType'],
    examples: checkExamples.shareCheck,
  },
  unshareCheck: {
    method: 'DELETE',
    path: 'api/checks/{id}/share',
    pathParameters: id,
    summary: 'Takes a share back',
    roles: ['Check.Request', 'Check.Admin'],
    query: noQuery,
    answers: { 200: check('The check, which is shared with nobody.') },
    problems: ['NotFound'],
    examples: checkExamples.unshareCheck,
  },
} as const satisfies Readonly<Record<string, Operation>>;
