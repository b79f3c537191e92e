import { startArmSimulator } from '../../../stand-ins/arm/start-arm-simulator.ts';
import { startIdentityEndpoint } from '../../../stand-ins/identity/identity-endpoint.ts';
import { startEntra } from './entra.ts';
import { newSigningKey } from '../new-signing-key.ts';
import { objectIdOf } from '../object-id-of.ts';

/** Everything that the app needs of Azure, on loopback and in the test's own hands; storage is given. */
export async function startTestAzure(
  connectionString: string,
  options: { speed?: number; resourceGraph?: boolean } = {},
) {
  const [identity, entra] = await Promise.all([startIdentityEndpoint(), startEntra(() => new Date())]);
  const arm = await startArmSimulator({ accepts: (token) => identity.issued(token), speed: Infinity, ...options });
  return {
    connectionString,
    arm,
    identity,
    entra,
    /** Settings with which an app uses all of it. */
    settings: {
      AzureWebJobsStorage: connectionString,
      ARM_ENDPOINT: arm.url,
      IDENTITY_ENDPOINT: identity.endpoint,
      IDENTITY_HEADER: identity.header,
      ENTRA_AUTHORITY: entra.authority,
      ENTRA_TENANT_ID: entra.tenantId,
      ENTRA_AUDIENCE: entra.audience,
      AUDIT_SIGNING_KEY: newSigningKey(),
    },
    /** A really signed token of a user, by default with the role to ask for checks. */
    token: (user: string, roles: readonly string[] = ['Check.Request'], claims: object = {}) =>
      entra.mint({ claims: { name: user, oid: objectIdOf(user), roles, ...claims } }),
    stop: async () => {
      await Promise.all([arm.stop(), identity.stop(), entra.stop()]);
    },
  };
}
