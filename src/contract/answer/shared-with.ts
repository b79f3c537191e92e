import { z } from 'zod';

/** Whom a check's requester shares it with: these object ids or, without them, whoever may ask for checks and has its id. */
export const sharedWithSchema = z.strictObject({
  to: z.array(z.string()).optional().describe('Object ids; absent: any holder of `Check.Request` who has the id.'),
  until: z.iso.datetime(),
});
export type SharedWith = z.infer<typeof sharedWithSchema>;
