import { z } from 'zod';
import { problemCodes } from '../problem.ts';

const fieldErrorSchema = z.strictObject({
  code: z.string(),
  message: z.string().describe('What to do about it.'),
  target: z.string().optional().describe('Path of the field, such as `destination.port`.'),
});

/** Every error of the API. */
export const problemAnswerSchema = z.strictObject({
  error: z.strictObject({
    code: z.enum(problemCodes),
    message: z.string().describe('What is wrong, and what to do next.'),
    requestId: z.string().describe('What to quote to the operators; the header x-ms-request-id has it, too.'),
    target: z.string().optional(),
    details: z.array(fieldErrorSchema).optional().describe('Each field that is wrong.'),
    innererror: z.unknown().optional().describe("Azure's own error, as it came."),
  }),
});
