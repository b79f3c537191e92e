import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import { fetchJson } from '../fetch-json.ts';
import { isSafeKeyUrl, rsaKeySchema } from '../rsa-key.ts';

const LOOKUP_TIMEOUT_MS = 10_000;

const metadataSchema = z.object({ jwks_uri: z.url() });
const keySetSchema = z.object({ keys: z.array(z.unknown()) });
const keySchema = rsaKeySchema.extend({ endorsements: z.array(z.string()).default([]) });

/** Where the Bot Connector publishes its keys. */
export interface ConnectorKeysSource {
  /** Of its OpenID metadata: https, or http on loopback. */
  readonly metadataUrl: URL;
  readonly fetch: typeof globalThis.fetch;
  /** For metadata and key set together; 10 s where it is absent. */
  readonly lookupTimeoutMs?: number;
}

export interface ConnectorKeys {
  readonly keyIds: ReadonlySet<string>;
  /** Whether a key may sign for that channel. */
  readonly endorses: (keyId: string, channelId: string) => boolean;
  readonly chooseKey: JWTVerifyGetKey;
}

/** Reads metadata and key set. Throws where either cannot be had, or not in time. */
export async function readConnectorKeys(from: ConnectorKeysSource): Promise<ConnectorKeys> {
  const { metadataUrl, fetch, lookupTimeoutMs = LOOKUP_TIMEOUT_MS } = from;
  const source = { fetch, setting: 'TEAMS_OPENID_METADATA' };
  const signal = AbortSignal.timeout(lookupTimeoutMs);
  const metadata = await fetchJson(source, metadataUrl, metadataSchema, signal);
  const keySetUrl = new URL(metadata.jwks_uri);
  if (!isSafeKeyUrl(keySetUrl, metadataUrl)) throw unusable(`The key set's address ${keySetUrl.href} must be https.`);
  const keySet = await fetchJson(source, keySetUrl, keySetSchema, signal);
  const keys = new Map(keySet.keys.flatMap(usableKey).map((key) => [key.kid, key]));
  if (keys.size === 0) throw unusable(`${keySetUrl.href} holds no RSA signing key.`);
  return {
    keyIds: new Set(keys.keys()),
    endorses: (keyId, channelId) => keys.get(keyId)?.endorsements.includes(channelId) ?? false,
    chooseKey: createLocalJWKSet({ keys: [...keys.values()] }),
  };
}

function usableKey(candidate: unknown): readonly z.infer<typeof keySchema>[] {
  const { data } = keySchema.safeParse(candidate);
  return data ? [data] : [];
}

function unusable(message: string): Problem {
  return new Problem('SigningKeysUnavailable', message);
}
