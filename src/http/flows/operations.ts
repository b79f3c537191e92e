import { z } from 'zod';
import { protocolSchema } from '../../arm/connectivity-parameters.ts';
import { flowSchema } from '../../contract/answer/comparison.ts';
import type { Operation } from '../operation.ts';

const wrongPort = 'Give a port from 1 to 65535.';

/** The call about what checks of a flow have come to. */
export const flowOperations = {
  getFlow: {
    method: 'GET',
    path: 'api/flows',
    summary: 'Tells when a flow worked last, when it failed first after that, and what changed',
    roles: ['Check.Request', 'Audit.Read'],
    query: z.strictObject({
      source: z.string().describe('The name of an endpoint or a source, or a resource id.'),
      destination: z.string().describe('The name of an endpoint or a machine, a resource id or an address.'),
      port: z
        .string()
        .regex(/^[1-9]\d{0,4}$/, wrongPort)
        .transform(Number)
        .refine((port) => port <= 65_535, wrongPort)
        .optional(),
      protocol: protocolSchema.optional(),
    }),
    answers: { 200: { description: 'What is known.', content: { 'application/json': flowSchema } } },
    problems: ['PolicyRefused'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
