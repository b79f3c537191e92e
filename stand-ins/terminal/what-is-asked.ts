import { z } from 'zod';
import { printable } from './printable.ts';

// As far as a line tells of it, of what somebody sent: anything can stand there.
const textual = z.string().optional().catch(undefined);
const sideSchema = z
  .object({
    resourceId: textual,
    endpoint: textual,
    name: textual,
    address: textual,
    port: z.number().optional().catch(undefined),
  })
  .catch({});
const askedSchema = z.object({ source: sideSchema, destination: sideSchema, protocol: textual });

/** `web-01 → 10.1.2.4:1433 Tcp`, of a request as it was sent or as it was read; `undefined` where it is none. */
export function flowOf(request: unknown): string | undefined {
  const { data } = askedSchema.safeParse(request);
  if (!data) return undefined;
  const { source, destination, protocol } = data;
  const port = destination.port ? `:${destination.port}` : '';
  return `${nameOf(source)} → ${nameOf(destination)}${port}${protocol === undefined ? '' : ` ${printable(protocol)}`}`;
}

function nameOf({ resourceId, endpoint, name, address }: z.infer<typeof sideSchema>): string {
  return printable(resourceId?.split('/').at(-1) ?? endpoint ?? name ?? address ?? '?');
}

const claimsSchema = z.object({
  name: textual,
  preferred_username: textual,
  app_displayname: textual,
});

/** Who says to call, by a token that was not verified here. */
export function nameInToken(authorization: string | undefined): string {
  const [, claims] = /^Bearer [\w-]*\.([\w-]+)\./i.exec(authorization ?? '') ?? [];
  const { data } = claimsSchema.safeParse(parsed(Buffer.from(claims ?? '', 'base64url').toString()));
  return printable(data?.name ?? data?.preferred_username ?? data?.app_displayname ?? 'somebody', 40);
}

/** The value of a JSON text; `undefined` where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
