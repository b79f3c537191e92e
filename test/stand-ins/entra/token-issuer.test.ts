import fc from 'fast-check';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startLoopbackServer } from '../../../stand-ins/server/start-loopback-server.ts';
import { startTokenIssuer } from '../../../stand-ins/entra/token-issuer.ts';
import { numRuns } from '../../support/run/num-runs.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const appOrigin = 'http://127.0.0.1:7071';

/** An issuer, and an app that gives it its chance at every request. */
async function start(options: Partial<Parameters<typeof startTokenIssuer>[0]> = {}) {
  const issuer = await startTokenIssuer({ appOrigin, ...options });
  const app = await startLoopbackServer(async (request, response) => {
    const handled = await issuer.route(request, response, new URL(request.url ?? '/', 'http://app'));
    if (!handled) response.writeHead(418).end();
  });
  cleanups.push(
    () => issuer.stop(),
    () => app.stop(),
  );
  const ask = (body: unknown, init: RequestInit = {}) =>
    fetch(`${app.url}/.local/token`, { method: 'POST', body: JSON.stringify(body), ...init });
  const token = async (body: unknown): Promise<string> =>
    ((await (await ask(body)).json()) as { access_token: string }).access_token;
  return { issuer, app, ask, token };
}

async function verify({ issuer }: Pick<Awaited<ReturnType<typeof start>>, 'issuer'>, token: string) {
  const { authority, tenantId, audience } = issuer;
  const found = await fetch(`${authority}/${tenantId}/v2.0/.well-known/openid-configuration`);
  const configuration = (await found.json()) as { issuer: string; jwks_uri: string };
  const keys = createRemoteJWKSet(new URL(configuration.jwks_uri));
  const issuers = [configuration.issuer, `https://sts.windows.net/${tenantId}/`];
  return (await jwtVerify(token, keys, { issuer: issuers, audience, algorithms: ['RS256'] })).payload;
}

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'issuer-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  return folder;
}

test('a person gets a token that verifies like one of Entra ID and has its claims', async () => {
  const local = await start();
  // As `curl -d` sends it.
  const response = await local.ask(
    { user: 'alice', roles: ['Check.Request'], groups: ['g1'] },
    { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  );
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { access_token: string };
  expect(answer).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 });
  const claims = await verify(local, answer.access_token);
  expect(claims).toEqual({
    aud: local.issuer.audience,
    iss: expect.stringContaining(local.issuer.tenantId),
    iat: claims.nbf,
    nbf: expect.any(Number),
    exp: (claims.iat ?? 0) + 3600,
    tid: local.issuer.tenantId,
    oid: expect.stringMatching(uuid),
    sub: expect.stringMatching(uuid),
    azp: expect.stringMatching(uuid),
    scp: 'user_impersonation',
    name: 'alice',
    preferred_username: 'alice@local.example',
    roles: ['Check.Request'],
    groups: ['g1'],
    ver: '2.0',
  });
  expect(claims.sub).not.toBe(claims.oid);
});

test('an application has no scope and no name, but a display name', async () => {
  const local = await start();
  const claims = await verify(local, await local.token({ user: 'nightly', roles: ['Audit.Read'], app: true }));
  expect(claims).toMatchObject({ app_displayname: 'nightly', roles: ['Audit.Read'], azp: expect.stringMatching(uuid) });
  expect(claims.sub).toBe(claims.oid);
  expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['scp']));
  expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['name']));
});

test('a version 1 token has the issuer and the names of version 1', async () => {
  const local = await start();
  const claims = await verify(local, await local.token({ user: 'bob', version: 1 }));
  expect(claims).toMatchObject({ ver: '1.0', iss: `https://sts.windows.net/${local.issuer.tenantId}/`, name: 'bob' });
  expect(claims).toHaveProperty('appid');
  expect(claims).not.toHaveProperty('azp');
});

test('any text is a user and becomes the name unchanged; each has its own object id, always the same', async () => {
  const local = await start();
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(name, name, async (one, two) => {
      const [a, b, again] = await Promise.all([one, two, one].map((user) => local.token({ user })));
      const [first, second, third] = [decodeJwt(a ?? ''), decodeJwt(b ?? ''), decodeJwt(again ?? '')];
      expect([first.name, second.name]).toEqual([one, two]);
      expect(third.oid).toBe(first.oid);
      expect(first.oid === second.oid).toBe(one === two);
    }),
    { numRuns: numRuns(30) },
  );
});

test('with a folder a token outlives a restart, and only the owner can read the key', async () => {
  const folder = join(await temporaryFolder(), 'made');
  const before = await start({ folder });
  const token = await before.token({ user: 'alice' });
  await before.issuer.stop();
  const after = await start({ folder });
  expect((await verify(after, token)).name).toBe('alice');
  expect(after.issuer).toMatchObject({ tenantId: before.issuer.tenantId, audience: before.issuer.audience });
  expect(decodeJwt(await after.token({ user: 'alice' })).oid).toBe(decodeJwt(token).oid);
  const [file = ''] = await readdir(folder);
  expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  await writeFile(join(folder, file), 'no key');
  await expect(startTokenIssuer({ folder, appOrigin })).rejects.toThrow(/Delete it/);
});

test('without a folder a token ends with the issuer that signed it', async () => {
  const token = await (await start()).token({ user: 'alice' });
  await expect(verify(await start(), token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
});

test('more groups than a token can carry are only pointed at', async () => {
  const local = await start();
  const groups = Array.from({ length: 201 }, (_, n) => `group-${n}`);
  expect(decodeJwt(await local.token({ user: 'alice', groups: groups.slice(1) })).groups).toHaveLength(200);
  const claims = decodeJwt(await local.token({ user: 'alice', groups }));
  expect(claims).not.toHaveProperty('groups');
  expect(claims).toHaveProperty('_claim_names', { groups: 'src1' });
});

test('bad requests are refused with the fault, and others are left alone', async () => {
  const local = await start();
  const url = `${local.app.url}/.local/token`;
  const faults = await Promise.all(
    [
      local.ask({}),
      local.ask({ user: '' }),
      local.ask({ user: 'alice', roles: 'Check.Request' }),
      local.ask({ user: 'alice', role: 'Check.Request' }),
      local.ask({ user: 'alice', version: 3 }),
      local.ask('alice'),
      fetch(url, { method: 'POST', body: 'user=alice' }),
      fetch(url, { method: 'POST' }),
      fetch(url, { method: 'POST', body: 'x'.repeat(70_000) }),
      fetch(url),
      fetch(`${local.app.url}/api/me`),
    ].map(async (answer) => {
      const response = await answer;
      if (response.ok || response.status === 418) return [response.status];
      const { error } = (await response.json()) as { error: { message: string } };
      return [response.status, error.message];
    }),
  );
  expect(faults).toEqual([
    [400, expect.stringContaining('user: ')],
    [400, expect.stringContaining('user: ')],
    [400, expect.stringContaining('roles: ')],
    [400, expect.stringContaining('"role"')],
    [400, expect.stringContaining('version: ')],
    [400, expect.stringContaining('expected object')],
    [400, expect.stringContaining('JSON object')],
    [400, expect.stringContaining('JSON object')],
    [413, expect.stringContaining('64 KiB')],
    [405, 'Send POST.'],
    [418],
  ]);
});

test('another tenant has no keys here', async () => {
  const { issuer } = await start();
  const response = await fetch(`${issuer.authority}/common/v2.0/.well-known/openid-configuration`);
  expect(response.status).toBe(404);
});
