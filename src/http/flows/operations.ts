import { z } from 'zod';
import { flowSchema } from '../../contract/answer/comparison.ts';
import type { Operation } from '../operation.ts';
import { portNumber, protocol, text } from '../query/fields.ts';
import { flowExamples } from '../openapi/examples/checks.ts';

/** The call about what checks of a flow have come to. */
export const flowOperations = {
  getFlow: {
    method: 'GET',
    path: 'api/flows',
    summary: 'Tells when a flow worked last, when it failed first after that, and what changed',
    roles: ['Check.Request', 'Audit.Read'],
    query: z.strictObject({
      source: text.describe('The name of an endpoint or a source, or a resource id.'),
      destination: text.describe('The name of an endpoint or a machine, a resource id or an address.'),
      port: portNumber.optional().describe('Absent: the 20 ports and protocols that were tested last.'),
      protocol: protocol.optional(),
    }),
    answers: { 200: { description: 'What is known.', content: { 'application/json': flowSchema } } },
    problems: ['PolicyRefused'],
    examples: flowExamples,
  },
} as const satisfies Readonly<Record<string, Operation>>;
