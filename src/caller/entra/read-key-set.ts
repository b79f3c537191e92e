import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import { fetchJson } from '../fetch-json.ts';
import { isSafeKeyUrl, MIN_MODULUS_BITS, rsaKeySchema } from '../rsa-key.ts';
import { versionOneIssuer } from './version-one-issuer.ts';

const LOOKUP_TIMEOUT_MS = 10_000;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });
const keySetSchema = z.object({ keys: z.array(z.unknown()) });
const keySchema = rsaKeySchema.extend({ issuer: z.string().exactOptional() });

/** Where a tenant's signing keys are read. */
export interface Authority {
  /** https, or http on loopback. */
  readonly authority: string;
  readonly tenantId: string;
  readonly fetch: typeof globalThis.fetch;
  /** For discovery document and key set together; 10 s where it is absent. */
  readonly lookupTimeoutMs?: number;
}

/** What an authority says of a tenant's tokens: who issues them, and the keys they can be signed with. */
export interface KeySet {
  /** Of version 2 tokens, as the authority itself says, and of version 1 tokens of the same cloud. */
  readonly issuers: readonly string[];
  readonly keyIds: ReadonlySet<string>;
  readonly chooseKey: JWTVerifyGetKey;
}

/** Reads discovery document and key set. Throws where either cannot be had or is not of this tenant, or in time. */
export async function readKeySet(from: Authority): Promise<KeySet> {
  const { authority, tenantId, fetch, lookupTimeoutMs = LOOKUP_TIMEOUT_MS } = from;
  const source = { fetch, setting: 'ENTRA_AUTHORITY' };
  const signal = AbortSignal.timeout(lookupTimeoutMs);
  const base = authority.replace(/\/+$/, '');
  const discoveryUrl = new URL(`${base}/${encodeURIComponent(tenantId)}/v2.0/.well-known/openid-configuration`);
  const discovery = await fetchJson(source, discoveryUrl, discoverySchema, signal);
  if (!namesTenant(discovery.issuer, tenantId)) {
    throw unusable(
      `${discoveryUrl.href} names the issuer of another tenant; check ENTRA_AUTHORITY and ENTRA_TENANT_ID.`,
    );
  }
  const keySetUrl = new URL(discovery.jwks_uri);
  if (!isSafeKeyUrl(keySetUrl, discoveryUrl)) throw unusable(`The key set's address ${keySetUrl.href} must be https.`);
  const { keys } = await fetchJson(source, keySetUrl, keySetSchema, signal);
  const usable = usableKeys(keys, tenantId);
  if (usable.size === 0)
    throw unusable(`${keySetUrl.href} holds no RSA signing key of ${MIN_MODULUS_BITS} bits or more.`);
  return {
    issuers: [discovery.issuer, versionOneIssuer(discovery.issuer, tenantId)],
    keyIds: new Set(usable.keys()),
    chooseKey: createLocalJWKSet({ keys: [...usable.values()] }),
  };
}

function usableKeys(keys: readonly unknown[], tenantId: string): Map<string, z.infer<typeof keySchema>> {
  const usable = keys.flatMap((candidate) => {
    const { data: key } = keySchema.safeParse(candidate);
    return key && isOfTenant(key.issuer, tenantId) ? [key] : [];
  });
  return new Map(usable.map((key) => [key.kid, key]));
}

// Entra ID can publish keys of other issuers in the same set, and marks each with its own.
// https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signing-key-issuer
function isOfTenant(issuer: string | undefined, tenantId: string): boolean {
  return issuer === undefined || namesTenant(issuer.replace('{tenantid}', tenantId), tenantId);
}

function namesTenant(issuer: string, tenantId: string): boolean {
  return issuer.toLowerCase().split('/').includes(tenantId);
}

function unusable(message: string): Problem {
  return new Problem('SigningKeysUnavailable', message);
}
