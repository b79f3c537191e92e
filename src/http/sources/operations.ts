import { z } from 'zod';
import { sourceSchema, unreadableSchema } from '../../contract/answer/source.ts';
import { pageSchema } from '../../contract/answer/page.ts';
import type { Operation } from '../operation.ts';
import { position, top } from '../query/fields.ts';
import { serviceExamples } from '../openapi/examples/service.ts';

const MAX_PAGE = 500;

/** The calls about what can be tested from. */
export const sourceOperations = {
  listSources: {
    method: 'GET',
    path: 'api/sources',
    summary: 'Lists what policy lets one test from, by name',
    roles: ['Check.Request'],
    query: z.strictObject({
      search: z
        .string()
        .max(100, 'Give at most 100 characters.')
        .optional()
        .describe('Part of a name, in any letter case. Absent: all.'),
      top: top(MAX_PAGE).optional(),
      after: position.optional(),
    }),
    answers: {
      200: {
        description: 'Sources, and the subscriptions of which not everything could be read.',
        content: {
          'application/json': pageSchema(sourceSchema).extend({
            unreadable: z.array(unreadableSchema).optional().describe("Those that the caller's rules name."),
          }),
        },
      },
    },
    problems: [],
    examples: serviceExamples.listSources,
  },
} as const satisfies Readonly<Record<string, Operation>>;
