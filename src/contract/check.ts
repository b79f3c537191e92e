import { z } from 'zod';
import { connectivityParametersSchema } from '../arm/connectivity-parameters.ts';
import { requesterSchema } from './requester.ts';
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
  /** Values of probe headers are empty here: they are answered to nobody. */
  request: connectivityParametersSchema,
  reason: z.string().optional(),
  networkWatcher: z.string().optional(),
  createdAt: z.iso.datetime(),
  /** When Azure accepted the check. */
  startedAt: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
  /** ARM's ConnectivityInformation as it came. */
  result: z.unknown().optional(),
  verdict: statedVerdictSchema,
  error: checkErrorSchema.optional(),
});
export type CheckView = z.infer<typeof checkViewSchema>;
