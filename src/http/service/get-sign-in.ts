import type { HttpHandler } from '@azure/functions';
import type { SignIn } from '../../contract/answer/sign-in.ts';

/** Of the permission that a signed-in person's client has, as the app's registration names it. */
const PERMISSION = 'user_impersonation';

interface SignInDeps {
  readonly authority: string;
  readonly tenantId: string;
  readonly audiences: readonly string[];
  readonly clientId?: string | undefined;
}

/** `GET /api/sign-in`: where and how a person gets a token for the proxy. */
export function getSignIn({ authority, tenantId, clientId, audiences }: SignInDeps): HttpHandler {
  const answer: SignIn = {
    authority: authorityOf({ authority, tenantId }),
    ...(clientId !== undefined && { clientId }),
    scope: scopeOf(audiences),
  };
  return () => Promise.resolve({ status: 200, headers: { 'cache-control': 'no-store' }, jsonBody: answer });
}

/** What stands before `/.well-known/openid-configuration`. */
export const authorityOf = ({ authority, tenantId }: Pick<SignInDeps, 'authority' | 'tenantId'>): string =>
  `${authority}/${tenantId}/v2.0`;

/** The scope of tokens for the proxy, in full. */
export const scopeOf = (audiences: readonly string[]): string => `${identifierUri(audiences)}/${PERMISSION}`;

/** A scope begins with a URI of the app; an audience may be its bare id instead. */
function identifierUri(audiences: readonly string[]): string {
  const [first = ''] = audiences;
  return audiences.find((audience) => audience.includes('://')) ?? `api://${first}`;
}
