import { z } from 'zod';

/** With what a client signs a person in, by OpenID Connect. */
export const signInSchema = z.strictObject({
  authority: z
    .url()
    .describe('What stands before `/.well-known/openid-configuration`; the issuer named there may be another.'),
  clientId: z
    .string()
    .optional()
    .describe('Of the public client; absent where the operators have not set up signing in by it.'),
  scope: z.string().describe('Of the proxy; `openid offline_access` come beside it.'),
});
export type SignIn = z.infer<typeof signInSchema>;
