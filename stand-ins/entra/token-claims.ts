import { derivedUuid } from './derived-uuid.ts';
import type { TokenRequest } from './token-request.ts';

/** Of the client through which people sign in. */
export const publicClientId = derivedUuid('client of people');

/** Where Entra ID stops listing groups in a token and says that there are more. */
const MAX_GROUPS = 200;

/**
 * The claims of an access token as Entra ID names them, but for the times.
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function tokenClaims(tenantId: string, request: TokenRequest): Record<string, unknown> {
  const subject = request.app ? applicationClaims(tenantId, request) : userClaims(tenantId, request);
  const client = request.app ? derivedUuid('client', request.user) : publicClientId;
  return {
    tid: tenantId,
    ...subject,
    ...(request.version === 1 ? { appid: client, ver: '1.0' } : { azp: client, ver: '2.0' }),
    ...(request.roles.length > 0 && { roles: request.roles }),
    ...groupClaims(request.groups),
  };
}

/** The claims of a person's ID token, but for the times. */
export function idTokenClaims(tenantId: string, request: TokenRequest) {
  const { oid, sub, name } = userClaims(tenantId, request);
  return { sub, tid: tenantId, oid, name, preferred_username: signInName(request.user), ver: '2.0' };
}

function userClaims(tenantId: string, { user, version }: TokenRequest) {
  const upn = signInName(user);
  return {
    oid: derivedUuid('user', tenantId, user),
    // Pairwise in Entra ID, so never the object id.
    sub: derivedUuid('subject', tenantId, user),
    scp: 'user_impersonation',
    name: user,
    ...(version === 1 ? { upn, unique_name: upn } : { preferred_username: upn }),
  };
}

const signInName = (user: string): string => `${user.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@local.example`;

function applicationClaims(tenantId: string, { user }: TokenRequest) {
  const oid = derivedUuid('service principal', tenantId, user);
  return { oid, sub: oid, idtyp: 'app', app_displayname: user };
}

function groupClaims(groups: readonly string[]) {
  if (groups.length === 0) return {};
  if (groups.length <= MAX_GROUPS) return { groups };
  return { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example/groups' } } };
}
