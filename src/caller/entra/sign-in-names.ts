import { z } from 'zod';

const text = z.string().min(1).optional().catch(undefined);

const claimsSchema = z.object({
  scp: text,
  upn: text,
  preferred_username: text,
  email: text,
  /** Whether the owner of the e-mail's domain is verified. Without it anybody may have written that address. */
  xms_edov: z.literal(true).optional().catch(undefined),
});

/**
 * Names by which a person signs in, as their verified token has them; `undefined` where nobody delegated it, so that it is
 * no person's. https://learn.microsoft.com/entra/identity-platform/optional-claims-reference
 */
export function signInNamesIn(claims: unknown): readonly string[] | undefined {
  const { scp, upn, preferred_username: signInName, email, xms_edov: isVerified } = claimsSchema.parse(claims);
  if (scp === undefined) return undefined;
  return [upn, signInName, isVerified && email].filter((name) => name !== undefined);
}
