import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTokenVerifier, type TokenVerifier } from '../../../src/caller/entra/verify-token.ts';
import { newKey, startEntra, type Minting, type TestEntra } from '../../support/azure/entra.ts';
import { refusal } from '../../support/azure/refusal.ts';
import { numRuns } from '../../support/run/num-runs.ts';

const start = new Date('2030-01-01T00:00:00Z');
let now = start;
let entra: TestEntra;
let verify: TokenVerifier;

beforeAll(async () => {
  entra = await startEntra(() => start);
  verify = createTokenVerifier({ ...entra, audiences: [entra.audience, 'second-audience'], fetch, now: () => now });
});
afterAll(() => entra.stop());

async function bearer(minting?: Minting): Promise<string> {
  return `Bearer ${await entra.mint(minting)}`;
}

async function verifyAt(seconds: number, authorization: string) {
  now = new Date(start.getTime() + seconds * 1000);
  return verify(authorization, 'http').finally(() => (now = start));
}

describe('an access token tells who is calling', () => {
  const client = '66666666-7777-4888-8999-aaaaaaaaaaaa';
  const user = 'bbbbbbbb-0000-4000-8000-000000000001';
  const app = 'bbbbbbbb-0000-4000-8000-000000000002';

  test.each([
    { version: 1, kind: 'user', objectId: user, name: 'alice' },
    { version: 2, kind: 'user', objectId: user, name: 'alice' },
    { version: 1, kind: 'app', objectId: app, name: client },
    { version: 2, kind: 'app', objectId: app, name: client },
  ] as const)('version $version, of a kind: $kind', async ({ version, kind, objectId, name }) => {
    expect(await verify(await bearer({ version, kind }), 'mcp')).toEqual({
      requester: {
        id: `${entra.tenantId}/${objectId}`,
        tenantId: entra.tenantId,
        ...{ objectId, name, kind, via: 'mcp' },
      },
      roles: ['Check.Request'],
      groups: [],
      groupsOverage: false,
    });
  });

  test.each([
    [{ name: 'a', preferred_username: 'b', upn: 'c', app_displayname: 'd' }, 'a'],
    [{ name: undefined, preferred_username: 'b', upn: 'c', app_displayname: 'd' }, 'b'],
    [{ name: undefined, upn: 'c', app_displayname: 'd' }, 'c'],
    [{ name: undefined, app_displayname: 'd' }, 'd'],
    [{ name: undefined }, client],
    [{ name: '=cmd()\r\n"x"' }, '=cmd()\r\n"x"'],
    [{ name: 'Ann\u202e\nb' }, 'Ann\u202e\nb'],
    [{ name: undefined, email: 'guest@example.org', unique_name: 'live.com#guest@example.org' }, 'guest@example.org'],
    [{ name: undefined, unique_name: 'live.com#guest@example.org' }, 'live.com#guest@example.org'],
  ])('of the names %j it takes %j, unchanged', async (claims, name) => {
    expect((await verify(await bearer({ claims }), 'http')).requester.name).toBe(name);
  });

  test('a name that is empty, null or shows nothing is none: the next one counts', async () => {
    const names = ['name', 'preferred_username', 'upn', 'email', 'unique_name', 'app_displayname'];
    const nothing = fc.constantFrom('', ' ', '\t\r\n', '\u00a0', '\u200b\u202e', '\u0000', null, undefined);
    await fc.assert(
      fc.asyncProperty(fc.array(nothing, { minLength: 6, maxLength: 6 }), fc.nat(6), async (values, said) => {
        const claims = Object.fromEntries(names.map((name, i) => [name, i < said ? values[i] : `the ${name}`]));
        expect((await verify(await bearer({ claims }), 'http')).requester.name).toBe(
          said < names.length ? `the ${names[said]!}` : client,
        );
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [{ idtyp: 'user', scp: undefined }, 'user'],
    [{ idtyp: 'app', scp: 'Checks.ReadWrite' }, 'app'],
    [{ idtyp: 'device' }, 'user'],
    [{ idtyp: null }, 'user'],
    [{ idtyp: '', scp: undefined }, 'app'],
    [{ scp: '' }, 'app'],
    [{ scp: null }, 'app'],
  ])('%j is of a kind: %j', async (claims, kind) => {
    expect((await verify(await bearer({ claims }), 'http')).requester.kind).toBe(kind);
  });

  test.each([
    { azp: '', appid: 'client-1' },
    { azp: null, appid: 'client-1' },
    { azp: ' ', appid: 'client-1' },
  ])('of the clients %j it takes the one that is there', async (claims) => {
    const named = { ...claims, name: undefined };
    expect((await verify(await bearer({ claims: named }), 'http')).requester.name).toBe('client-1');
  });

  test.each(['api://connectivity-check', 'second-audience', ['other', 'second-audience']])(
    'for the audience %j among several accepted ones',
    async (aud) => {
      expect((await verify(await bearer({ claims: { aud } }), 'http')).roles).toEqual(['Check.Request']);
    },
  );

  test('a token without roles and groups has none, and unknown roles are kept', async () => {
    const none = await verify(await bearer({ claims: { roles: undefined } }), 'http');
    expect(none).toMatchObject({ roles: [], groups: [], groupsOverage: false });
    const some = await verify(await bearer({ claims: { roles: ['Own.Role'], groups: ['g1', 'g2'] } }), 'http');
    expect(some).toMatchObject({ roles: ['Own.Role'], groups: ['g1', 'g2'], groupsOverage: false });
  });

  test.each([
    [{ _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example' } } }, true],
    [{ hasgroups: true }, true],
    [{ 'groups:src1': 'https://graph.example' }, true],
    [{ _claim_names: { other: 'src1' } }, false],
    [{ hasgroups: false }, false],
    [{ hasgroups: true, groups: ['g1'] }, true],
    [{ hasgroups: null, 'groups:src1': null, _claim_names: null }, false],
    [{ _claim_names: { groups: null } }, false],
  ])('%j means that groups are left out: %j', async (claims, overage) => {
    expect((await verify(await bearer({ claims }), 'http')).groupsOverage).toBe(overage);
  });

  test('the scheme may be written in any case, and the tenant in the settings too', async () => {
    const token = await entra.mint();
    const tenantId = entra.tenantId.toUpperCase();
    const shouting = createTokenVerifier({
      ...entra,
      tenantId,
      audiences: [entra.audience],
      fetch,
      now: () => now,
    });
    for (const scheme of ['bearer', 'BEARER', 'BeArEr  ']) {
      expect((await shouting(`${scheme} ${token}`, 'http')).requester.tenantId).toBe(entra.tenantId);
    }
  });
});

describe('a token is refused, with a reason for its owner,', () => {
  const other = '99999999-2222-4333-8444-555555555555';
  const wrongIssuer = 'The token is of another issuer or tenant; sign in to the tenant of this service.';
  const wrongAudience = 'The token is for another application; get one for this service.';
  const wrongAlgorithm = 'The token must be signed with RS256, as access tokens of Entra ID are.';
  const malformed = 'The Authorization header must be `Bearer` and one signed access token of Entra ID, unchanged.';
  const noClient = 'The token names no client (azp or appid); send an access token, not an ID token.';
  const unsigned = 'The signature does not fit the token; send the token as Entra ID issued it.';
  const unreadable = 'The token is not a signed access token of Entra ID; get a new one.';
  const badClaim = (claim: string) =>
    `The token's claim ${claim} is missing or not as Entra ID writes it; get a new token from Entra ID.`;

  test.each<[string, Minting, string]>([
    ['another issuer', { claims: { iss: 'https://issuer.example/' } }, wrongIssuer],
    ['the version 1 issuer of another tenant', { claims: { iss: `https://sts.windows.net/${other}/` } }, wrongIssuer],
    ['no issuer', { claims: { iss: undefined } }, wrongIssuer],
    ['another tenant', { claims: { tid: other } }, 'The token is of another tenant; sign in to that of this service.'],
    ['no tenant', { claims: { tid: undefined } }, badClaim('tid')],
    ['another audience', { claims: { aud: 'api://other' } }, wrongAudience],
    ['an audience that only begins right', { claims: { aud: 'api://connectivity-check/x' } }, wrongAudience],
    ['no audience', { claims: { aud: undefined } }, wrongAudience],
    ['no expiry', { claims: { exp: undefined } }, 'The token has no expiry; get a new token from Entra ID.'],
    ['an expiry in words', { claims: { exp: 'never' } }, 'The token has no expiry; get a new token from Entra ID.'],
    ['no object id', { claims: { oid: undefined } }, badClaim('oid')],
    ['an object id with a slash', { claims: { oid: 'a/b' } }, badClaim('oid')],
    ['no client, as an ID token', { claims: { azp: undefined, scp: undefined, nonce: 'n' } }, noClient],
    ['no client, version 1', { version: 1, claims: { appid: undefined } }, noClient],
    ['an empty client', { claims: { azp: '' } }, noClient],
    ['a client of null in both versions', { claims: { azp: null, appid: null } }, noClient],
    ['an object id of null', { claims: { oid: null } }, badClaim('oid')],
    ['an empty object id', { claims: { oid: '' } }, badClaim('oid')],
    ['an empty tenant', { claims: { tid: '' } }, badClaim('tid')],
    ['a name that is no text', { claims: { name: ['alice'] } }, badClaim('name')],
    ['roles of null', { claims: { roles: null } }, badClaim('roles')],
    ['groups of null', { claims: { groups: null } }, badClaim('groups')],
    ['roles that are one word', { claims: { roles: 'Check.Admin' } }, badClaim('roles')],
    ['roles that are no words', { claims: { roles: ['Check.Request', 7] } }, badClaim('roles')],
    ['groups that are one word', { claims: { groups: 'g1' } }, badClaim('groups')],
    ['alg none', { alg: 'none' }, wrongAlgorithm],
    ['alg None', { alg: 'none', header: { alg: 'None' } }, wrongAlgorithm],
    ['alg RS256 and no signature', { alg: 'none', header: { alg: 'RS256' } }, unsigned],
    ['alg HS256 with the public key as secret', { alg: 'HS256' }, wrongAlgorithm],
    ['alg RS384', { alg: 'RS384' }, wrongAlgorithm],
    ['alg PS256', { alg: 'PS256' }, wrongAlgorithm],
    ['no key id', { header: { kid: undefined } }, malformed],
    ['a critical extension', { alg: 'none', header: { alg: 'RS256', crit: ['x'], x: 1 } }, unreadable],
  ])('that has %s', async (_, minting, message) => {
    const authorization = await bearer(minting);
    const problem = await refusal(verify(authorization, 'http'));
    expect(problem).toMatchObject({ code: 'InvalidToken', message });
    const [header = '', payload = ''] = authorization.slice('Bearer '.length).split('.');
    const told = inspect(problem, { depth: Infinity });
    for (const secret of [header, payload, 'alice', entra.tenantId, other]) expect(told).not.toContain(secret);
  });

  test('that another key signed under the name of a known one', async () => {
    const key = { ...(await newKey()), kid: entra.keys[0]!.kid };
    expect(await refusal(verify(await bearer({ key }), 'http'))).toMatchObject({
      code: 'InvalidToken',
      message: unsigned,
    });
  });

  test('that carries the key to check it with', async () => {
    const key = await newKey();
    const header = { jwk: key.publicKey.export({ format: 'jwk' }), kid: entra.keys[0]!.kid };
    const authorization = await bearer({ key, header });
    expect(await refusal(verify(authorization, 'http'))).toMatchObject({ code: 'InvalidToken', message: unsigned });
  });

  test('that has expired, from a minute after its end', async () => {
    const authorization = await bearer({ claims: { exp: start.getTime() / 1000 + 100 } });
    expect((await verifyAt(159.9, authorization)).requester.name).toBe('alice');
    const problem = await refusal(verifyAt(160, authorization));
    expect(problem).toMatchObject({ code: 'InvalidToken', message: 'The token has expired; get a new one.' });
  });

  test('that is not valid yet, until a minute before its begin', async () => {
    const authorization = await bearer({ claims: { nbf: start.getTime() / 1000 + 100 } });
    expect((await verifyAt(40, authorization)).requester.name).toBe('alice');
    expect(await refusal(verifyAt(39.9, authorization))).toMatchObject({
      code: 'InvalidToken',
      message: 'The token is not valid yet; check the clock of the machine that got it.',
    });
  });

  test('or its header is not one bearer token', async () => {
    const token = await entra.mint();
    const missing = 'Send an access token of Entra ID in the header `Authorization: Bearer <token>`.';
    for (const header of [undefined, '', '  ']) {
      expect(await refusal(verify(header, 'http'))).toMatchObject({ code: 'InvalidToken', message: missing });
    }
    const faulty = ['Bearer', 'Bearer ', token, `Basic ${token}`, `Bearer${token}`, `Bearer ${token} ${token}`];
    faulty.push(`Bearer ${token}, Bearer ${token}`, `Bearer ${token}\n`, 'Bearer a.b.c.d.e', 'Bearer e30.e30.e30');
    faulty.push(`Bearer ${token}.`, `Bearer ${token}=`, 'Bearer ..', 'Bearer bm8.bm8.bm8', 'Bearer bnVsbA.e30.e30');
    for (const header of faulty) {
      expect(await refusal(verify(header, 'http'))).toMatchObject({ code: 'InvalidToken', message: malformed });
    }
  });

  test('or is longer than 16 KiB, and not where it is just as long', async () => {
    const padTo = async (length: number) => {
      const short = await bearer({ claims: { pad: '' } });
      const pad = 'x'.repeat(Math.floor(((length - short.length) * 3) / 4) - 2);
      return (await bearer({ claims: { pad } })).padEnd(length);
    };
    expect((await verify(await padTo(16_384), 'http')).requester.name).toBe('alice');
    expect(await refusal(verify(await padTo(16_385), 'http'))).toMatchObject({
      code: 'InvalidToken',
      message: 'The Authorization header has over 16384 characters; ask for a token with fewer claims.',
    });
  });

  test('whichever single character of it is changed', async () => {
    const token = await entra.mint();
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const refused = async (index: number, letter: string) => {
      const changed = token.slice(0, index) + letter + token.slice(index + 1);
      expect((await refusal(verify(`Bearer ${changed}`, 'http'))).code).toBe('InvalidToken');
    };
    expect((await verify(`Bearer ${token}`, 'http')).requester.name).toBe('alice');
    // The last character is the one of which some bits mean nothing.
    for (const letter of letters.replace(token.at(-1)!, '')) await refused(token.length - 1, letter);
    const change = fc.record({
      index: fc.nat(token.length - 1),
      letter: fc.constantFrom(...Array.from(`${letters}.=+/ ,~`)),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ index, letter }) => {
        fc.pre(letter !== token[index]);
        await refused(index, letter);
      }),
      { numRuns: numRuns(2000) },
    );
  });
});
