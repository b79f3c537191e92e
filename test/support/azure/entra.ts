import { generateKeyPair, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { CompactSign } from 'jose';

const newKeyPair = promisify(generateKeyPair);

export interface TestKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface Minting {
  readonly version?: 1 | 2;
  readonly kind?: 'user' | 'app';
  /** Over the usual claims; `undefined` takes a claim away. */
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  /** `none` leaves the signature empty; HS256 signs with the public key's PEM, as the classic attack does. */
  readonly alg?: 'RS256' | 'RS384' | 'PS256' | 'HS256' | 'none';
  readonly key?: TestKey;
}

type Answer = (response: ServerResponse) => void;

export interface TestEntra {
  readonly authority: string;
  readonly tenantId: string;
  readonly audience: string;
  /** The address of the key set. */
  readonly keySetUrl: string;
  /** The published keys, newest last; tests add to it and take away. */
  readonly keys: TestKey[];
  /** Published beside the keys, as they are. */
  readonly otherKeys: unknown[];
  /** Requests so far. */
  readonly asked: { discovery: number; keys: number };
  /** Answers in place of the right ones; set to undefined to heal. */
  readonly instead: { discovery?: Answer | undefined; keys?: Answer | undefined };
  /** Publishes a new key, which signs from now on. */
  rotate(): Promise<TestKey>;
  mint(minting?: Minting): Promise<string>;
  stop(): Promise<void>;
}

// Every issuer begins with the same key, as making one takes a tenth of a second.
let firstKey: Promise<TestKey> | undefined;

/** Answers with a JSON document. */
export function json(body: unknown): Answer {
  return (response) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
}

/** Drops the connection without an answer. */
export const down: Answer = (response) => response.destroy();

export async function newKey(modulusLength = 2048): Promise<TestKey> {
  const { publicKey, privateKey } = await newKeyPair('rsa', { modulusLength });
  return { kid: `key-${Math.random().toString(36).slice(2)}`, publicKey, privateKey };
}

export function toJwk({ kid, publicKey }: TestKey): Record<string, unknown> {
  return { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' };
}

/** An issuer of really signed tokens on loopback, which speaks like Entra ID and can be broken at will. */
export async function startEntra(now: () => Date): Promise<TestEntra> {
  const tenantId = 'abcdef01-2222-4333-8444-555555555555';
  const keys = [await (firstKey ??= newKey())];
  const otherKeys: unknown[] = [];
  const asked = { discovery: 0, keys: 0 };
  const instead: TestEntra['instead'] = {};
  const server = createServer((request, response) => {
    if (request.url === `/${tenantId}/v2.0/.well-known/openid-configuration`) {
      asked.discovery += 1;
      (instead.discovery ?? json({ issuer: `${authority}/${tenantId}/v2.0`, jwks_uri: keySetUrl }))(response);
    } else if (request.url === `/${tenantId}/discovery/v2.0/keys`) {
      asked.keys += 1;
      (instead.keys ?? json({ keys: [...keys.map(toJwk), ...otherKeys] }))(response);
    } else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const authority = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keySetUrl = `${authority}/${tenantId}/discovery/v2.0/keys`;
  const audience = 'api://connectivity-check';

  return {
    ...{ authority, tenantId, audience, keySetUrl, keys, otherKeys, asked, instead },
    async rotate() {
      const key = await newKey();
      keys.push(key);
      return key;
    },
    async mint({ version = 2, kind = 'user', claims, ...rest } = {}) {
      const issuer = version === 2 ? `${authority}/${tenantId}/v2.0` : `https://sts.windows.net/${tenantId}/`;
      const usual = usualClaims(version, kind, Math.floor(now().getTime() / 1000));
      return sign({ iss: issuer, tid: tenantId, aud: audience, ...usual, ...claims }, { key: keys.at(-1)!, ...rest });
    },
    async stop() {
      server.closeAllConnections();
      await promisify(server.close.bind(server))();
    },
  };
}

function usualClaims(version: 1 | 2, kind: 'user' | 'app', seconds: number): Record<string, unknown> {
  const client = '66666666-7777-4888-8999-aaaaaaaaaaaa';
  const user = { name: 'alice', scp: 'Checks.ReadWrite', oid: 'bbbbbbbb-0000-4000-8000-000000000001' };
  return {
    ...{ ver: `${version}.0`, iat: seconds, nbf: seconds, exp: seconds + 3600, roles: ['Check.Request'] },
    ...(version === 2 ? { azp: client } : { appid: client }),
    ...(kind === 'user' ? user : { oid: 'bbbbbbbb-0000-4000-8000-000000000002' }),
  };
}

async function sign(claims: unknown, { key, alg = 'RS256', header }: Minting & { key: TestKey }): Promise<string> {
  const fullHeader = { typ: 'JWT', alg, kid: key.kid, ...header };
  const payload = Buffer.from(JSON.stringify(claims));
  if (alg === 'none') {
    return `${Buffer.from(JSON.stringify(fullHeader)).toString('base64url')}.${payload.toString('base64url')}.`;
  }
  const secret = Buffer.from(key.publicKey.export({ type: 'spki', format: 'pem' }));
  return new CompactSign(payload).setProtectedHeader(fullHeader).sign(alg === 'HS256' ? secret : key.privateKey);
}
