import { request } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { down, type Minting, newKey } from '../support/azure/entra.ts';
import { startApp } from '../support/app/start-app.ts';
import { objectIdOf } from '../support/object-id-of.ts';
import { goodCheck, type Proxy, startProxy, allowAll } from './start-proxy.ts';

const otherTenant = '99999999-2222-4333-8444-555555555555';
const everyCall: readonly (readonly [string, string])[] = [
  ['GET', '/api/me'],
  ['POST', '/api/checks'],
  ['GET', '/api/checks/5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f'],
  ['GET', '/api/checks/5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f/result'],
  ['DELETE', '/api/checks/5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f'],
];

let proxy: Proxy;
beforeAll(async () => {
  proxy = await startProxy([allowAll]);
});
afterAll(() => proxy.stop());

/** What the app answers to this text in the Authorization header, on its way past `fetch`, which would mend it. */
async function statusOf(...authorization: string[]): Promise<number> {
  const sent = request(`${proxy.app().url}/api/me`);
  sent.setHeader('authorization', authorization);
  sent.end();
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { statusCode?: number }];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}

const seconds = (fromNow: number): number => Math.floor(Date.now() / 1000) + fromNow;
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token that is not good is answered with 401 and tells nothing else:', () => {
  test.each<[string, Minting]>([
    ['of another tenant', { claims: { tid: otherTenant } }],
    ['of another issuer', { claims: { iss: `https://login.microsoftonline.com/${otherTenant}/v2.0` } }],
    ['of the version 1 issuer of another tenant', { claims: { iss: `https://sts.windows.net/${otherTenant}/` } }],
    ['for another audience', { claims: { aud: 'api://another-app' } }],
    ['for Azure Resource Manager', { claims: { aud: 'https://management.azure.com' } }],
    ['without an audience', { claims: { aud: undefined } }],
    ['expired', { claims: { exp: seconds(-120) } }],
    ['without an expiry', { claims: { exp: undefined } }],
    ['not yet valid', { claims: { nbf: seconds(600) } }],
    ['with alg none', { alg: 'none' }],
    ['signed by HS256 with the public key', { alg: 'HS256' }],
    ['signed with RS384', { alg: 'RS384' }],
    ['signed with PS256', { alg: 'PS256' }],
    ['that names no key', { header: { kid: undefined } }],
    ['an ID token', { claims: { azp: undefined, appid: undefined } }],
    ['whose roles are no list', { claims: { roles: 'Check.Admin' } }],
    ['whose groups are no list', { claims: { groups: 'admins' } }],
    ['whose object id is no id', { claims: { oid: '../../other' } }],
  ])('%s', async (_what, minting) => {
    const token = await proxy.azure.entra.mint(minting);
    for (const [method, path] of everyCall) {
      const answer = await proxy.ask(path, { method, token, ...(method === 'POST' ? { body: goodCheck } : {}) });
      expect([answer.status, answer.headers.get('x-ms-error-code'), answer.headers.get('www-authenticate')]).toEqual([
        401,
        'InvalidToken',
        'Bearer',
      ]);
      expect(Object.keys(answer.json as object)).toEqual(['error']);
      expect(Object.keys((answer.json as { error: object }).error)).toEqual(['code', 'message', 'requestId']);
    }
    const atMcp = await proxy.ask('/mcp', { method: 'POST', token, body: { jsonrpc: '2.0', id: 1, method: 'ping' } });
    expect([atMcp.status, atMcp.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(
        /^Bearer resource_metadata="http\S+\/\.well-known\/oauth-protected-resource\/mcp", scope="/,
      ),
    ]);
    expect(atMcp.json).toMatchObject({ id: null, error: { data: { code: 'InvalidToken' } } });
  });

  test('signed with a key of a stranger under the name of a published one', async () => {
    const stranger = { ...(await newKey()), kid: proxy.azure.entra.keys[0]!.kid };
    const token = await proxy.azure.entra.mint({ key: stranger });
    expect((await proxy.ask('/api/me', { token })).status).toBe(401);
  });

  test('whose payload was exchanged after it was signed', async () => {
    const [head, , signature] = (await proxy.azure.token('alice')).split('.');
    const claims = { oid: objectIdOf('bob'), roles: ['Check.Admin'], exp: seconds(600) };
    expect((await proxy.ask('/api/me', { token: `${head!}.${encoded(claims)}.${signature!}` })).status).toBe(401);
  });

  test('whose header brings a key or an address of keys of its own', async () => {
    const own = await newKey();
    const jwk = own.publicKey.export({ format: 'jwk' });
    for (const header of [{ jwk }, { jku: 'http://127.0.0.1:9/keys' }, { x5u: 'http://127.0.0.1:9/' }]) {
      const token = await proxy.azure.entra.mint({
        key: own,
        header: { kid: proxy.azure.entra.keys[0]!.kid, ...header },
      });
      expect((await proxy.ask('/api/me', { token })).status).toBe(401);
    }
  });

  test('none, another scheme, two at once, a broken one, and one in the query', async () => {
    const token = await proxy.azure.token('alice');
    expect(await statusOf(`Bearer ${token}`)).toBe(200);
    const bad = ['', token, `Basic ${token}`, `Bearer ${token}x`, `Bearer ${token},Bearer ${token}`, 'Bearer a.b.c'];
    for (const authorization of [...bad, `Bearer Bearer ${token}`, `Bearer ${token} ${token}`]) {
      expect(await statusOf(authorization)).toBe(401);
    }
    expect(await statusOf(`Bearer ${token}`, `Bearer ${token}`)).toBe(401);
    expect((await proxy.ask(`/api/me?access_token=${token}`, { token: null })).status).toBe(401);
    expect((await proxy.ask('/api/me', { token: null, headers: { cookie: `access_token=${token}` } })).status).toBe(
      401,
    );
  });

  it('starts nothing: no row, no message, no event, no call to Azure', async () => {
    expect(await proxy.kept()).toEqual([]);
    expect(proxy.azure.arm.requests).toEqual([]);
  });
});

describe('who calls is what the token says', () => {
  const forged = {
    'x-ms-client-principal': Buffer.from(
      JSON.stringify({
        auth_typ: 'aad',
        claims: [
          { typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier', val: objectIdOf('root') },
          { typ: 'roles', val: 'Check.Admin' },
          { typ: 'roles', val: 'Audit.Read' },
        ],
        role_typ: 'roles',
      }),
    ).toString('base64'),
    'x-ms-client-principal-id': objectIdOf('root'),
    'x-ms-client-principal-name': 'root',
    'x-ms-client-principal-idp': 'aad',
    'x-ms-token-aad-access-token': 'forged',
  };

  it('and forged App Service headers alone are nobody', async () => {
    expect((await proxy.ask('/api/me', { token: null, headers: forged })).status).toBe(401);
  });

  it('and forged App Service headers beside a token with a low role add nothing', async () => {
    const plain = await proxy.ask('/api/me', { roles: ['Check.Request'] });
    const beside = await proxy.ask('/api/me', { roles: ['Check.Request'], headers: forged });
    expect(beside.json).toMatchObject({ requester: { name: 'alice', objectId: objectIdOf('alice') } });
    expect(beside.json).toEqual(plain.json);
  });

  it.each([[[]], [['Audit.Read']], [['Check.Admin']], [['check.request']], [['Check.Request ']]])(
    'and the roles %j do not let it submit: 403 MissingRole, nothing kept',
    async (roles) => {
      const answer = await proxy.submit(goodCheck, { roles });
      expect([answer.status, answer.headers.get('x-ms-error-code')]).toEqual([403, 'MissingRole']);
      expect(await proxy.kept()).toEqual([]);
    },
  );

  it('and a token without a role reads no check', async () => {
    const path = '/api/checks/5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f';
    for (const [method, target] of [
      ['GET', path],
      ['GET', `${path}/result`],
      ['DELETE', path],
    ] as const) {
      expect((await proxy.ask(target, { method, roles: [] })).status).toBe(403);
    }
  });
});

describe('signing keys', () => {
  it('are fetched at most once by a flood of tokens with unknown keys, all of which are refused', async () => {
    const { entra } = proxy.azure;
    const before = { ...entra.asked };
    const key = entra.keys[0]!;
    const tokens = await Promise.all(
      Array.from({ length: 300 }, (_, n) => entra.mint({ key, header: { kid: `unknown-${n}` } })),
    );
    const statuses = await Promise.all(tokens.map(async (token) => (await proxy.ask('/api/me', { token })).status));
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(entra.asked.discovery - before.discovery).toBeLessThanOrEqual(1);
    expect(entra.asked.keys - before.keys).toBeLessThanOrEqual(1);
    expect((await proxy.ask('/api/me')).status).toBe(200);
  });

  it('that are kept go on letting people in while the key set is down', async () => {
    const { entra } = proxy.azure;
    entra.instead.keys = down;
    entra.instead.discovery = down;
    expect((await proxy.ask('/api/me', { user: 'bob' })).status).toBe(200);
    delete entra.instead.keys;
    delete entra.instead.discovery;
  });

  it('that were never read are answered with 503, and it heals by itself', async () => {
    const { entra, settings } = proxy.azure;
    entra.instead.keys = down;
    const app = await startApp({ ...settings, POLICY: JSON.stringify({ version: 1, rules: [allowAll] }) });
    const headers = { authorization: `Bearer ${await proxy.azure.token('alice')}` };
    const refused = await fetch(`${app.url}/api/me`, { headers });
    const again = await fetch(`${app.url}/api/me`, { headers });
    expect([refused.status, refused.headers.get('x-ms-error-code')]).toEqual([503, 'SigningKeysUnavailable']);
    expect(again.status).toBe(503);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(5);
    delete entra.instead.keys;
    await sleep(wait * 1000);
    expect((await fetch(`${app.url}/api/me`, { headers })).status).toBe(200);
    await app.stop();
  });
});
