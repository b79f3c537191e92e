import { z } from 'zod';

const words = z.array(z.string().min(1));

/** What `POST /.local/token` takes. */
const tokenRequestSchema = z.strictObject({
  /** Becomes `name`, or an application's display name, unchanged. */
  user: z.string().min(1).max(1000),
  roles: words.default([]),
  groups: words.default([]),
  /** A token of an application, not of a person. */
  app: z.boolean().default(false),
  /** Of the access token: Entra ID issues both. */
  version: z.union([z.literal(1), z.literal(2)]).default(2),
});
export type TokenRequest = z.infer<typeof tokenRequestSchema>;

/** Reads the body, whatever its content type (`curl -d` calls JSON a form), or says what to correct. */
export function parseTokenRequest(body: string): { readonly request: TokenRequest } | { readonly fault: string } {
  const json = parseJson(body);
  if (json === undefined) return { fault: 'Send a JSON object, as in {"user":"alice","roles":["Check.Request"]}.' };
  const parsed = tokenRequestSchema.safeParse(json);
  if (parsed.success) return { request: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  return { fault: `Correct the request. ${faults.join('; ')}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
