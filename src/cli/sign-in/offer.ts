import { visible } from '../../rendering/visible.ts';
import { mayServe, type Offer } from '../../sign-in/offer.ts';
import { notSignedIn } from '../../sign-in/sign-in-error.ts';
import type { Sessions } from './sessions.ts';

/** Throws for an offer that no person should be asked to trust. */
export function judgeOffer({ authority, scope }: Offer, origin: string, sessions: Sessions): void {
  const why =
    whyBadAuthority(authority, origin) ?? whyBadScope(scope, origin) ?? whyForeignScope(scope, origin, sessions);
  if (why !== undefined) throw notSignedIn(`${origin} cannot be trusted with a sign-in: ${why}`);
}

function whyBadAuthority(authority: string, origin: string): string | undefined {
  if (!URL.canParse(authority)) return `its authority ${shown(authority)} is no URL.`;
  const url = new URL(authority);
  if (url.username + url.password + url.search + url.hash !== '')
    return `its authority ${shown(authority)} has more than an address.`;
  return mayServe(url, origin)
    ? undefined
    : `its authority ${shown(authority)} is not https. Http counts on loopback only, beside a proxy on loopback.`;
}

// Tokens for these do what their owner may do in Azure: no proxy is to get one. https://learn.microsoft.com/entra/identity-platform/scopes-oidc
const microsoftHosts =
  /(?:^|\.)(?:microsoft(?:online)?\.(?:com|us)|windows\.net|azure\.(?:com|net|us)|azure\.cn|office(?:365)?\.com|office365\.us|sharepoint\.com|visualstudio\.com|dynamics\.com|powerbi\.com|usgovcloudapi\.net|(?:microsoftgraph\.)?chinacloudapi\.cn|microsoftazure\.de)$/i;
const customerHosts = /\.cloudapp\.(?:azure\.com|chinacloudapi\.cn|usgovcloudapi\.net)$|\.cloudapp\.azure\.com$/i;
const microsoftIds: ReadonlySet<string> = new Set([
  // Azure Resource Manager, Microsoft Graph, Azure AD Graph, Key Vault, Storage
  ...['797f4846-ba00-4fd7-ba43-dac1f8f63013', '00000003-0000-0000-c000-000000000000'],
  ...['00000002-0000-0000-c000-000000000000', 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093'],
  ...['e406a681-f3d4-42a8-90b6-c2b029497af1'],
]);

function whyBadScope(scope: string, origin: string): string | undefined {
  const [, scheme, host] = /^(api|https):\/\/([A-Za-z0-9.-]+)(?::\d+)?(?:\/[A-Za-z0-9._~-]+)+$/.exec(scope) ?? [];
  if (scheme === undefined || host === undefined)
    return `its scope ${shown(scope)} is not one scope of a proxy, such as api://…/user_impersonation.`;
  if (microsoftIds.has(host.toLowerCase()) || (microsoftHosts.test(host) && !customerHosts.test(host)))
    return `its scope ${shown(scope)} is for a service of Microsoft's, and no proxy's.`;
  if (scheme === 'https' && host.toLowerCase() !== new URL(origin).hostname)
    return `its scope ${shown(scope)} is for another server.`;
  return undefined;
}

/** A scope of another proxy's would bring that one's tokens here. */
function whyForeignScope(scope: string, origin: string, sessions: Sessions): string | undefined {
  const owner = Object.entries(sessions).find(
    ([other, session]) =>
      other !== origin && resourceOf(session.scope).toLowerCase() === resourceOf(scope).toLowerCase(),
  );
  return (
    owner &&
    `its scope ${shown(scope)} belongs to ${owner[0]}. If that is the same proxy: netcheck logout --url ${owner[0]}`
  );
}

/** What the scope is of, as it is written: `api://…` of `api://…/user_impersonation`. */
export const resourceOf = (scope: string): string => scope.replace(/\/[^/]*$/, '');

const shown = (text: string): string => visible(JSON.stringify(text));
