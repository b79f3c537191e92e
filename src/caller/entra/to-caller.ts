import { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import type { Caller, Via } from '../../contract/requester.ts';

const id = z.string().regex(/^[\w-]{1,64}$/);
/** A claim that is null or shows nothing, as guests have them, says no more than one that is missing; half of a character is replaced. */
const text = z
  .string()
  .nullish()
  .transform((value) => (value && /[^\s\p{Cc}\p{DI}]/u.test(value) ? value.replace(/\p{Cs}/gu, '\ufffd') : undefined));

// Roles or groups of another shape, null included, refuse the token: read as "none", they would slip past a rule that
// denies a group. https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
const claimsSchema = z.object({
  tid: id,
  oid: id,
  azp: text,
  appid: text,
  scp: text,
  idtyp: text,
  name: text,
  preferred_username: text,
  upn: text,
  email: text,
  unique_name: text,
  app_displayname: text,
  roles: z.array(z.string()).default([]),
  groups: z.array(z.string()).default([]),
  hasgroups: z.unknown().optional(),
  'groups:src1': z.unknown().optional(),
  _claim_names: z.looseObject({ groups: z.unknown().optional() }).nullish(),
});
type Claims = z.infer<typeof claimsSchema>;

/** Who verified claims speak for. Throws `InvalidToken` for another tenant, an ID token, or claims of another shape. */
export function toCaller(claims: unknown, tenantId: string, via: Via): Caller {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) throw badClaim(parsed.error);
  const { tid, oid, roles, groups } = parsed.data;
  if (tid.toLowerCase() !== tenantId) throw invalid('The token is of another tenant; sign in to that of this service.');
  const client = parsed.data.azp ?? parsed.data.appid;
  if (!client) throw invalid('The token names no client (azp or appid); send an access token, not an ID token.');
  return {
    requester: {
      id: `${tenantId}/${oid}`,
      tenantId,
      objectId: oid,
      name: displayName(parsed.data) ?? client,
      kind: kindOf(parsed.data),
      via,
    },
    roles,
    groups,
    groupsOverage: hasOverage(parsed.data),
  };
}

/** The later ones are all that a guest may have: `unique_name` is `live.com#guest@example.org` where no `upn` is. */
function displayName(claims: Claims): string | undefined {
  const { name, preferred_username: signInName, upn, email, unique_name: uniqueName, app_displayname: app } = claims;
  return name ?? signInName ?? upn ?? email ?? uniqueName ?? app;
}

/**
 * `idtyp` is Entra ID's own word for it, where the registration asks for that claim. Without it only a token that somebody
 * delegated has a scope. https://learn.microsoft.com/entra/identity-platform/optional-claims-reference
 */
function kindOf({ idtyp, scp }: Claims): 'user' | 'app' {
  if (idtyp === 'user' || idtyp === 'app') return idtyp;
  return scp === undefined ? 'app' : 'user';
}

// https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference#groups-overage-claim
function hasOverage(claims: Claims): boolean {
  const signs = [claims.hasgroups, claims['groups:src1'], claims._claim_names?.groups];
  return signs.some((sign) => sign !== undefined && sign !== null && sign !== false);
}

function badClaim(error: z.ZodError): Problem {
  const claim = String(error.issues[0]?.path[0] ?? 'set');
  return invalid(`The token's claim ${claim} is missing or not as Entra ID writes it; get a new token from Entra ID.`);
}

function invalid(message: string): Problem {
  return new Problem('InvalidToken', message);
}
