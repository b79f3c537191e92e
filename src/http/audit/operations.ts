import { z } from 'zod';
import { eventCodes } from '../../check/search/audit-contradictions.ts';
import { verificationSchema } from '../../audit/verify/verification.ts';
import { auditActionSchema, auditEventSchema } from '../../audit/event.ts';
import { pageSchema } from '../../contract/answer/page.ts';
import { noQuery, type Operation } from '../operation.ts';
import { checkId, guid, moment, position, searchFields, top, words } from '../query/fields.ts';
import { auditExamples } from '../openapi/examples/audit.ts';

/** An export has up to so many events a page. */
export const MAX_EXPORT = 5000;

const checkpointMadeSchema = z.strictObject({ events: z.int(), pending: z.int() });

/** The calls about the audit. */
export const auditOperations = {
  listAudit: {
    method: 'GET',
    path: 'api/audit',
    summary: 'Lists or exports audit events, newest first',
    roles: ['Audit.Read'],
    query: z.strictObject({
      ...searchFields,
      checkId: checkId.optional(),
      requestId: guid('the id of a request, as errors and the header x-ms-request-id have it').optional(),
      action: words(auditActionSchema.options).optional().describe('Actions, by commas.'),
      code: words(eventCodes).optional().describe('Codes of refusals and of failed checks, by commas.'),
      top: top(MAX_EXPORT).optional(),
      after: position.optional(),
    }),
    answers: {
      200: {
        description: 'Events, as the Accept header asks for them.',
        headers: { Link: 'sometimes', 'Content-Disposition': 'sometimes' },
        content: {
          'application/json': pageSchema(auditEventSchema),
          'text/csv': z.string(),
          'application/x-ndjson': z.string(),
        },
      },
    },
    problems: ['NotFound'],
    examples: auditExamples.listAudit,
  },
  verifyAudit: {
    method: 'GET',
    path: 'api/audit/verification',
    summary: 'Holds the audit of a time to its checkpoints',
    roles: ['Audit.Read'],
    query: z.strictObject({
      from: moment.optional().describe('This time and later; a day before `to` where it is absent.'),
      to: moment.optional().describe('Before this time; now where it is absent.'),
    }),
    answers: {
      200: { description: 'What was found.', content: { 'application/json': verificationSchema } },
    },
    problems: [],
    examples: auditExamples.verifyAudit,
  },
  makeCheckpoint: {
    method: 'POST',
    path: 'api/audit/checkpoints',
    summary: 'Covers all that was written before the call by a checkpoint now',
    roles: ['Audit.Read'],
    query: noQuery,
    answers: {
      200: {
        description: 'What the checkpoint covers, and what it could not cover yet.',
        content: { 'application/json': checkpointMadeSchema },
      },
    },
    problems: [],
    examples: auditExamples.makeCheckpoint,
  },
} as const satisfies Readonly<Record<string, Operation>>;
