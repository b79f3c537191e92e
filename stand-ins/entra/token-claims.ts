import { derivedUuid } from './derived-uuid.ts';
import type { TokenRequest } from './token-request.ts';

/** Where Entra ID stops listing groups in a token and says that there are more. */
const MAX_GROUPS = 200;

/**
 * The claims of an access token as Entra ID names them, but for the times.
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function tokenClaims(tenantId: string, request: TokenRequest): Record<string, unknown> {
  const subject = request.app ? applicationClaims(tenantId, request) : userClaims(tenantId, request);
  const client = request.app ? derivedUuid('client', request.user) : derivedUuid('client of people');
  return {
    tid: tenantId,
    ...subject,
    ...(request.version === 1 ? { appid: client, ver: '1.0' } : { azp: client, ver: '2.0' }),
    ...(request.roles.length > 0 && { roles: request.roles }),
    ...groupClaims(request.groups),
  };
}

function userClaims(tenantId: string, { user, version }: TokenRequest) {
  const signInName = `${user.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@local.example`;
  return {
    oid: derivedUuid('user', tenantId, user),
    // Pairwise in Entra ID, so never the object id.
    sub: derivedUuid('subject', tenantId, user),
    scp: 'user_impersonation',
    name: user,
    ...(version === 1 ? { upn: signInName, unique_name: signInName } : { preferred_username: signInName }),
  };
}

function applicationClaims(tenantId: string, { user }: TokenRequest) {
  const oid = derivedUuid('service principal', tenantId, user);
  return { oid, sub: oid, idtyp: 'app', app_displayname: user };
}

function groupClaims(groups: readonly string[]) {
  if (groups.length === 0) return {};
  if (groups.length <= MAX_GROUPS) return { groups };
  return { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example/groups' } } };
}
