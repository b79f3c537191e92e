import { z } from 'zod';
import { connectivityParametersSchema } from '../arm/connectivity-parameters.ts';
import { azureAnswerSchema } from './answer/connectivity-answer.ts';
import { warningSchema } from './answer/source.ts';
import { callbackViewSchema } from './answer/callback-view.ts';
import { requesterSchema } from './requester.ts';
import { sharedWithSchema } from './answer/shared-with.ts';
import { statedVerdictSchema } from './verdict.ts';

export const statusSchema = z.enum(['NotStarted', 'Running', 'Succeeded', 'Failed', 'Canceled']);
export type Status = z.infer<typeof statusSchema>;

/** Why a check failed: the proxy's code and sentence, and ARM's own error where there was one. */
export const checkErrorSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  innererror: z.unknown().optional(),
});

/** A check as it is answered. Times are RFC 3339 in UTC. */
export const checkViewSchema = z.strictObject({
  id: z.uuid(),
  status: statusSchema,
  requester: requesterSchema,
  request: connectivityParametersSchema.describe(
    'As it goes to Azure. Values of probe headers are empty here: they are answered to nobody.',
  ),
  reason: z.string().optional().describe("The requester's, for the audit."),
  networkWatcher: z.string().optional().describe('As given, or as found.'),
  warnings: z
    .array(warningSchema)
    .optional()
    .describe('What was not right with the source when the check was accepted.'),
  createdAt: z.iso.datetime().describe('When it was submitted.'),
  startedAt: z.iso.datetime().optional().describe('When Azure accepted it.'),
  finishedAt: z.iso.datetime().optional().describe('When it ended.'),
  result: azureAnswerSchema.optional().describe("Azure's ConnectivityInformation as it came."),
  verdict: statedVerdictSchema,
  error: checkErrorSchema.optional(),
  callback: callbackViewSchema.optional(),
  rerunOf: z
    .uuid()
    .optional()
    .describe('The check that was asked for again. Shown to the requester and to `Audit.Read`.'),
  setId: z.uuid().optional().describe('The set that asked for it. Shown to the requester and to `Audit.Read`.'),
  sharedWith: sharedWithSchema.optional().describe('Shown to the requester and to `Audit.Read`.'),
});
export type CheckView = z.infer<typeof checkViewSchema>;
