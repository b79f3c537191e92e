import { z } from 'zod';

/**
 * How a callback goes. `pending`: it waits for the end, or for its next try. `delivered`: the receiver answered 2xx. `gone`:
 * it answered 410, and wants nothing more. `refused`: the policy no longer allows it. `failed`: no try of a day succeeded.
 */
export const callbackStatusSchema = z.enum(['pending', 'delivered', 'gone', 'refused', 'failed']);
export type CallbackStatus = z.infer<typeof callbackStatusSchema>;

/** A callback as it is answered: without its URL, which is a secret. */
export const callbackViewSchema = z.strictObject({
  origin: z.string().describe('Scheme, host and port of the URL; the rest is told to nobody.'),
  status: callbackStatusSchema.describe(
    '`pending` until it is `delivered`, or is `gone` (the receiver answered 410), `refused` (by policy) or `failed` (after a day).',
  ),
  attempts: z.int().describe('Tries so far.'),
});
export type CallbackView = z.infer<typeof callbackViewSchema>;
