import type { ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { createTokenVerifier, type TokenVerifier } from '../../../src/caller/entra/verify-token.ts';
import { down, json, newKey, startEntra, toJwk, type TestEntra } from '../../support/azure/entra.ts';
import { refusal } from '../../support/azure/refusal.ts';

const HOUR = 3600;
const unknownKey = {
  code: 'InvalidToken',
  message: 'The token is signed with a key that this tenant does not publish; get a new token.',
};
const unavailable = (seconds: number) => ({
  code: 'SigningKeysUnavailable',
  message: `The keys that tokens are checked with cannot be read now; try again in ${seconds} s.`,
  retryAfterSeconds: seconds,
});

let now: Date;
let entra: TestEntra;
let verify: TokenVerifier;

beforeEach(async () => {
  now = new Date('2030-01-01T00:00:00Z');
  entra = await startEntra(() => now);
  verify = createTokenVerifier({ ...entra, audiences: [entra.audience], fetch, now: () => now });
});
afterEach(() => entra.stop());

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function pass(seconds: number): void {
  now = new Date(now.getTime() + seconds * 1000);
}

async function nameOf(token: string): Promise<string> {
  return (await verify(`Bearer ${token}`, 'http')).requester.name;
}

async function refused(token: string) {
  return refusal(verify(`Bearer ${token}`, 'http'));
}

/** Lives longer than any key is kept. */
async function longLived(): Promise<string> {
  return entra.mint({ claims: { exp: now.getTime() / 1000 + 1000 * HOUR } });
}

describe('the key set is looked up', () => {
  test('once for many requests at once, and not again within a day', async () => {
    const token = await longLived();
    expect(await Promise.all(Array.from({ length: 50 }, () => nameOf(token)))).toEqual(Array(50).fill('alice'));
    pass(23 * HOUR - 1);
    expect(await nameOf(token)).toBe('alice');
    expect(entra.asked).toEqual({ discovery: 1, keys: 1 });
  });

  test('at most once a cooldown in a flood of unknown keys, which leaves known keys served', async () => {
    const known = await longLived();
    expect(await nameOf(known)).toBe('alice');
    const flood = await Promise.all(Array.from({ length: 200 }, (_, n) => entra.mint({ header: { kid: `no-${n}` } })));
    for (const lookups of [2, 3]) {
      pass(30);
      const problems = await Promise.all(flood.map(refused));
      for (const problem of problems) expect(problem).toMatchObject(unknownKey);
      pass(29.999);
      for (const token of flood) expect(await refused(token)).toMatchObject(unknownKey);
      expect(await nameOf(known)).toBe('alice');
      expect(entra.asked).toEqual({ discovery: lookups, keys: lookups });
      pass(-29.999);
    }
  });

  test('for a new key once the cooldown is over; the old key still serves, until it is withdrawn', async () => {
    const old = await longLived();
    expect(await nameOf(old)).toBe('alice');
    await entra.rotate();
    const fresh = await longLived();
    pass(29.999);
    expect(await refused(fresh)).toMatchObject(unknownKey);
    pass(0.001);
    expect(await nameOf(fresh)).toBe('alice');
    expect(await nameOf(old)).toBe('alice');
    expect(entra.asked.keys).toBe(2);

    entra.keys.shift();
    pass(30);
    expect(await refused(await entra.mint({ header: { kid: 'unknown' } }))).toMatchObject(unknownKey);
    expect(await refused(old)).toMatchObject(unknownKey);
    expect(await nameOf(fresh)).toBe('alice');
  });

  test('beside the requests in the last hour of the day, so that none waits for it', async () => {
    const token = await longLived();
    expect(await nameOf(token)).toBe('alice');
    pass(23 * HOUR);
    const held: ServerResponse[] = [];
    entra.instead.keys = (response) => held.push(response);
    expect(await nameOf(token)).toBe('alice');
    await vi.waitFor(() => {
      expect(held).toHaveLength(1);
    });
    json({ keys: entra.keys.map(toJwk) })(held[0]!);
    entra.instead.keys = down;
    // Had the answer not been taken, the first keys would end here.
    pass(HOUR);
    expect(await nameOf(token)).toBe('alice');
  });

  test('never for a token that no key could make valid', async () => {
    const tokens = [await entra.mint({ alg: 'none' }), await entra.mint({ alg: 'HS256' }), 'a.b.c'];
    for (const token of tokens) expect((await refused(token)).code).toBe('InvalidToken');
    expect(entra.asked).toEqual({ discovery: 0, keys: 0 });
  });
});

describe('while the key set is down', () => {
  test('kept keys serve until they are a day old, then nothing does until it is back', async () => {
    const token = await longLived();
    expect(await nameOf(token)).toBe('alice');
    entra.instead.keys = down;
    pass(24 * HOUR - 0.001);
    expect(await nameOf(token)).toBe('alice');
    pass(60);
    expect(await refused(token)).toMatchObject(unavailable(5));
    const asked = entra.asked.keys;
    pass(2.5);
    expect(await refused(token)).toMatchObject(unavailable(3));
    expect(entra.asked.keys).toBe(asked);
    entra.instead.keys = undefined;
    pass(2.5);
    expect(await nameOf(token)).toBe('alice');
  });

  test('an unknown key is not called wrong, and asks at most once a cooldown', async () => {
    expect(await nameOf(await longLived())).toBe('alice');
    entra.instead.keys = down;
    pass(30);
    const unknown = await entra.mint({ header: { kid: 'unknown' } });
    expect(await refused(unknown)).toMatchObject(unavailable(30));
    pass(29.5);
    expect(await refused(unknown)).toMatchObject(unavailable(1));
    expect(entra.asked.keys).toBe(2);
  });

  test('a clock that is set back makes no wait longer', async () => {
    entra.instead.discovery = down;
    const token = await longLived();
    expect(await refused(token)).toMatchObject(unavailable(5));
    entra.instead.discovery = undefined;
    pass(-600);
    expect(await nameOf(await longLived())).toBe('alice');
  });

  test('the cause, which is for the operator, says what to check', async () => {
    entra.instead.discovery = json({ issuer: 'https://issuer.example/common/v2.0', jwks_uri: entra.keySetUrl });
    const { cause } = await refused(await longLived());
    const address = `${entra.authority}/${entra.tenantId}/v2.0/.well-known/openid-configuration`;
    const message = `${address} names the issuer of another tenant; check ENTRA_AUTHORITY and ENTRA_TENANT_ID.`;
    expect(cause).toMatchObject({ code: 'SigningKeysUnavailable', message });
  });

  test('nobody listening counts as down', async () => {
    const token = await longLived();
    await entra.stop();
    expect(await refused(token)).toMatchObject(unavailable(5));
    entra = await startEntra(() => now);
  });

  // The app's own 10 s are waited for in `npm run test:all`.
  const patience = inject('tier') === 'fast' ? { lookupTimeoutMs: 1000 } : {};

  test('an answer that never ends is given up after 10 s', async () => {
    const { lookupTimeoutMs = 10_000 } = patience;
    verify = createTokenVerifier({ ...entra, audiences: [entra.audience], fetch, now: () => now, ...patience });
    entra.instead.keys = (response) => response.writeHead(200).write('{"keys":[');
    // Garbage collection is what makes fetch forget its signal.
    const collecting = setInterval(collectGarbage, lookupTimeoutMs / 20);
    const began = performance.now();
    expect(await refused(await longLived())).toMatchObject(unavailable(5));
    const took = performance.now() - began;
    clearInterval(collecting);
    expect(took).toBeGreaterThan(lookupTimeoutMs - 100);
    expect(took).toBeLessThan(lookupTimeoutMs + 3000);
  });
});

describe('a first lookup is not believed and heals after 5 s, when', () => {
  const send =
    (status: number, headers: Record<string, string>, body: string | Buffer = '') =>
    (response: ServerResponse) =>
      response.writeHead(status, headers).end(body);
  const huge = () => JSON.stringify({ keys: entra.keys.map(toJwk), pad: 'x'.repeat(10_000_000) });
  const discovery = (change: Record<string, unknown>) =>
    json({ issuer: `${entra.authority}/${entra.tenantId}/v2.0`, jwks_uri: entra.keySetUrl, ...change });
  const keysWith = (change: Record<string, unknown>) => json({ keys: [{ ...toJwk(entra.keys[0]!), ...change }] });
  const otherTenant = '99999999-2222-4333-8444-555555555555';

  test.each<[string, () => TestEntra['instead']]>([
    ['the key set is HTML', () => ({ keys: send(200, { 'content-type': 'text/html' }, '<html>Sign in</html>') })],
    ['the key set answers 500', () => ({ keys: send(500, {}, JSON.stringify({ keys: entra.keys.map(toJwk) })) })],
    ['the key set answers 204', () => ({ keys: send(204, {}) })],
    ['the key set has 10 MB', () => ({ keys: send(200, {}, huge()) })],
    ['the key set unpacks to 10 MB', () => ({ keys: send(200, { 'content-encoding': 'gzip' }, gzipSync(huge())) })],
    ['the key set is JSON null', () => ({ keys: json(null) })],
    ['the key set is cut off', () => ({ keys: send(200, {}, '{"keys":[') })],
    ['the key set has no keys', () => ({ keys: json({ keys: [] }) })],
    ['the key set has no RSA key', () => ({ keys: keysWith({ kty: 'EC' }) })],
    ['the key is for encryption', () => ({ keys: keysWith({ use: 'enc' }) })],
    ['the key is for another algorithm', () => ({ keys: keysWith({ alg: 'RS512' }) })],
    ['the key has no id', () => ({ keys: keysWith({ kid: undefined }) })],
    [
      "the key is another issuer's",
      () => ({ keys: keysWith({ issuer: `https://issuer.example/${otherTenant}/v2.0` }) }),
    ],
    ['discovery is HTML', () => ({ discovery: send(200, { 'content-type': 'text/html' }, '<html>Sign in</html>') })],
    ['discovery answers 404', () => ({ discovery: send(404, {}, '{}') })],
    [
      'discovery names another tenant',
      () => ({ discovery: discovery({ issuer: `${entra.authority}/${otherTenant}/v2.0` }) }),
    ],
    ['discovery names any tenant', () => ({ discovery: discovery({ issuer: `${entra.authority}/{tenantid}/v2.0` }) })],
    ['discovery names no issuer', () => ({ discovery: discovery({ issuer: undefined }) })],
    ['discovery names no key set', () => ({ discovery: discovery({ jwks_uri: undefined }) })],
    ['discovery names a local file', () => ({ discovery: discovery({ jwks_uri: 'file:///etc/hosts' }) })],
  ])('%s', async (_, fault) => {
    const token = await longLived();
    Object.assign(entra.instead, fault());
    expect(await refused(token)).toMatchObject(unavailable(5));
    pass(4.999);
    expect(await refused(token)).toMatchObject(unavailable(1));
    expect(entra.asked.discovery).toBe(1);
    Object.assign(entra.instead, { discovery: undefined, keys: undefined });
    pass(0.001);
    expect(await nameOf(token)).toBe('alice');
  });

  test.each(['discovery', 'keys'] as const)('%s answers with a redirect, which is not followed', async (place) => {
    const elsewhere = await startEntra(() => now);
    const rightPath = new URL(entra.keySetUrl).pathname;
    entra.instead[place] = send(302, { location: `${elsewhere.authority}${rightPath}` });
    expect(await refused(await longLived())).toMatchObject(unavailable(5));
    expect(elsewhere.asked).toEqual({ discovery: 0, keys: 0 });
    await elsewhere.stop();
  });
});

describe('of the published keys', () => {
  test('weak ones are not believed, whatever they signed', async () => {
    const weak = await newKey(1024);
    entra.otherKeys.push(toJwk(weak));
    const [header, payload] = (await entra.mint({ header: { kid: weak.kid } })).split('.');
    expect(await refused(`${header ?? ''}.${payload ?? ''}.AAAA`)).toMatchObject(unknownKey);
  });

  test('strange ones do no harm to the others', async () => {
    const good = toJwk(entra.keys[0]!);
    const strange = [null, 7, {}, { kty: 'RSA' }, { ...good, kid: 'x', n: '!' }, { ...good, kid: 'y', use: 'enc' }];
    entra.otherKeys.push(...strange, { kty: 'oct', k: 'AAAA', kid: 'z' });
    expect(await nameOf(await longLived())).toBe('alice');
    for (const kid of ['x', 'y', 'z'])
      expect(await refused(await entra.mint({ header: { kid } }))).toMatchObject(unknownKey);
  });

  test("those marked as this tenant's, or with the template for any tenant, serve", async () => {
    for (const issuer of [`https://issuer.example/${entra.tenantId}/v2.0`, 'https://issuer.example/{tenantid}/v2.0']) {
      const key = await newKey();
      entra.otherKeys.push({ ...toJwk(key), issuer });
      pass(30);
      expect(await nameOf(await entra.mint({ key }))).toBe('alice');
    }
  });
});

describe('the address of the key set', () => {
  /** An authority whose answers are made here, so that hosts off this machine can be named. */
  function authorityWith(authority: string, keySetUrl: string) {
    const asked: string[] = [];
    const answer: typeof fetch = (url) => {
      asked.push(url instanceof URL ? url.href : 'not an URL');
      const issuer = `${authority}/${entra.tenantId}/v2.0`;
      const body = asked.length === 1 ? { issuer, jwks_uri: keySetUrl } : { keys: entra.keys.map(toJwk) };
      return Promise.resolve(Response.json(body));
    };
    verify = createTokenVerifier({ ...entra, authority, audiences: [entra.audience], fetch: answer, now: () => now });
    return asked;
  }

  test.each([
    ['https://login.example', 'http://login.example/keys'],
    ['https://login.example', 'http://127.0.0.1/keys'],
    ['http://127.0.0.1:1', 'http://login.example/keys'],
    ['http://127.0.0.1:1', 'http://127.0.0.1.example/keys'],
  ])('of %s may not be %s', async (authority, keySetUrl) => {
    const asked = authorityWith(authority, keySetUrl);
    expect(await refused(await longLived())).toMatchObject(unavailable(5));
    expect(asked).toEqual([`${authority}/${entra.tenantId}/v2.0/.well-known/openid-configuration`]);
  });

  test.each([
    ['https://login.example', 'https://keys.example/keys'],
    ['http://127.0.0.1:1', 'http://[::1]:2/keys'],
    ['http://localhost:1', 'https://keys.example/keys'],
  ])('of %s may be %s', async (authority, keySetUrl) => {
    const asked = authorityWith(authority, keySetUrl);
    const token = await entra.mint({ claims: { iss: `${authority}/${entra.tenantId}/v2.0` } });
    expect(await nameOf(token)).toBe('alice');
    expect(asked[1]).toBe(keySetUrl);
  });
});
