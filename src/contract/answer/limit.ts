import { z } from 'zod';

/** What is left of one limit, as answers and `GET /api/me` tell it. */
export const limitStateSchema = z.strictObject({
  name: z.enum(['requests', 'active', 'ports']),
  quota: z.int(),
  remaining: z.int(),
  windowSeconds: z.int().optional().describe('Absent for `active`, which has no window.'),
  resetSeconds: z.int().describe('Until more is left than now.'),
});
export type LimitState = Readonly<z.infer<typeof limitStateSchema>>;
