import { z } from 'zod';
import { meSchema } from '../../contract/answer/me.ts';
import { signInSchema } from '../../contract/answer/sign-in.ts';
import { anyQuery, noQuery, type Operation, refusedByHost } from '../operation.ts';
import { serviceExamples } from '../openapi/examples/service.ts';

const part = z.enum(['ok', 'failed']);
const readiness = z.strictObject({
  status: part,
  parts: z.record(z.string(), part),
  paused: z
    .strictObject({ reason: z.string().optional() })
    .optional()
    .describe('There while the operators have paused the proxy, which is ready all the same.'),
});

/** The calls about the caller, and about the app itself. */
export const serviceOperations = {
  getMe: {
    method: 'GET',
    path: 'api/me',
    summary: 'Tells who one is to the proxy, and what applies to one',
    roles: [],
    query: noQuery,
    answers: { 200: { description: 'The caller.', content: { 'application/json': meSchema } } },
    problems: [],
    examples: serviceExamples.getMe,
  },
  getSignIn: {
    method: 'GET',
    path: 'api/sign-in',
    summary: 'Tells where and how a person gets a token for the proxy',
    query: anyQuery,
    answers: {
      200: { description: 'What a client signs in with.', content: { 'application/json': signInSchema } },
      ...refusedByHost,
    },
    problems: [],
  },
  getHealth: {
    method: 'GET',
    path: 'api/health',
    summary: 'Tells that the app runs',
    query: anyQuery,
    answers: {
      200: { description: 'It does.', content: { 'application/json': z.strictObject({ status: z.literal('ok') }) } },
      ...refusedByHost,
    },
    problems: [],
    examples: serviceExamples.getHealth,
  },
  getReadiness: {
    method: 'GET',
    path: 'api/health/ready',
    summary: 'Tells whether all that the app needs answers',
    query: anyQuery,
    answers: {
      200: { description: 'It does.', content: { 'application/json': readiness } },
      503: {
        description: 'It does not: what failed.',
        headers: { 'Retry-After': 'always' },
        content: { 'application/json': readiness },
      },
      ...refusedByHost,
    },
    problems: [],
    examples: serviceExamples.getReadiness,
  },
} as const satisfies Readonly<Record<string, Operation>>;
