import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ActivityClaims,
  type ConnectorTokenVerifier,
  createConnectorTokenVerifier,
} from '../../../src/caller/teams/verify-connector-token.ts';
import { type BotService, type Minting, otherKey, startBotService } from '../../support/azure/bot-service.ts';
import { down, json, newKey, toJwk } from '../../support/azure/entra.ts';
import { refusal } from '../../support/azure/refusal.ts';

const HOUR = 3600;
let now: Date;
let bots: BotService;
let verify: ConnectorTokenVerifier;

beforeEach(async () => {
  now = new Date('2030-01-01T00:00:00Z');
  bots = await startBotService(() => now);
  verify = verifier();
});
afterEach(() => bots.stop());

const verifier = () =>
  createConnectorTokenVerifier({ ...bots, metadataUrl: new URL(bots.metadataUrl), fetch, now: () => now });
const pass = (seconds: number) => (now = new Date(now.getTime() + seconds * 1000));
const activity = (): ActivityClaims => ({ serviceUrl: bots.serviceUrl, channelId: 'msteams' });
const sent = async (minting?: Minting, claimed = activity()) => verify(`Bearer ${await bots.mint(minting)}`, claimed);
const refused = async (minting: Minting, claimed?: ActivityClaims) => (await refusal(sent(minting, claimed))).code;

describe('A token of the Bot Connector', () => {
  it('is taken as Microsoft signs it', async () => {
    await sent();
    await sent({ claims: { aud: bots.appId.toUpperCase() } });
  });

  it('bears a clock that is five minutes off, and no more', async () => {
    const seconds = now.getTime() / 1000;
    await sent({ claims: { exp: seconds - 299 } });
    await sent({ claims: { nbf: seconds + 299 } });
    expect(await refused({ claims: { exp: seconds - 301 } })).toBe('InvalidToken');
    expect(await refused({ claims: { nbf: seconds + 301 } })).toBe('InvalidToken');
  });

  it.each<[string, Minting]>([
    ['of another issuer', { claims: { iss: 'https://sts.windows.net/11111111-1111-4111-8111-111111111111/' } }],
    ['of the emulator', { claims: { iss: 'https://api.botframework.com/' } }],
    ['without an issuer', { claims: { iss: undefined } }],
    ['for another bot', { claims: { aud: '00000000-8888-4777-8666-555555555555' } }],
    ['for several', { claims: { aud: ['99999999-8888-4777-8666-555555555555', 'other'] } }],
    ['for nobody', { claims: { aud: undefined } }],
    ['without an end', { claims: { exp: undefined } }],
    ['with an end that is no number', { claims: { exp: '2030-01-01' } }],
    ['of another service URL', { claims: { serviceurl: 'https://smba.trafficmanager.net/emea/' } }],
    ['of a service URL without its slash', { claims: { serviceurl: 'http://127.0.0.1/emea' } }],
    ['without a service URL', { claims: { serviceurl: undefined } }],
    ['with its service URL under another name', { claims: { serviceurl: undefined, serviceUrl: 'x' } }],
    ['signed by nobody', { alg: 'none' }],
    ['signed with the public key', { alg: 'HS256' }],
    ['signed by another algorithm', { alg: 'RS384' }],
    ['that names no key', { header: { kid: undefined } }],
    ['of a key that is not published', { header: { kid: 'unknown' } }],
  ])('%s is refused', async (_what, minting) => {
    expect(await refused(minting)).toBe('InvalidToken');
  });

  it('is refused where its signature is of another key under the same name', async () => {
    const { kid } = bots.keys[0]!.key;
    expect(await refused({ key: { ...(await otherKey()), kid } })).toBe('InvalidToken');
  });

  it('is taken by RS256 alone where its key names no algorithm, as Microsoft’s do not', async () => {
    const { key } = bots.keys[0]!;
    bots.instead.keys = json({ keys: [{ ...toJwk(key), alg: undefined, endorsements: ['msteams'] }] });
    await sent();
    for (const alg of ['RS384', 'HS256', 'none'] as const) expect(await refused({ alg })).toBe('InvalidToken');
  });

  it('is refused where the activity names another service URL or channel than it was signed for', async () => {
    expect(await refused({}, { ...activity(), serviceUrl: 'https://evil.example/' })).toBe('InvalidToken');
    expect(await refused({}, { ...activity(), channelId: 'directline' })).toBe('InvalidToken');
    expect(await refused({}, { ...activity(), channelId: '' })).toBe('InvalidToken');
  });

  it.each([[['directline', 'webchat']], [[]], [undefined]])(
    'is refused where its key endorses %j alone',
    async (endorsements) => {
      bots.keys.push({ key: await otherKey(), ...(endorsements && { endorsements }) });
      verify = verifier();
      expect(await refused({})).toBe('InvalidToken');
    },
  );

  it.each(['', 'Bearer', 'Basic abc', 'Bearer a.b.c', 'Bearer a.b.c d.e.f', `Bearer ${'a'.repeat(20_000)}`])(
    'is no header %j',
    async (header) => {
      expect((await refusal(verify(header, activity()))).code).toBe('InvalidToken');
      expect((await refusal(verify(undefined, activity()))).code).toBe('InvalidToken');
    },
  );
});

describe('The keys', () => {
  it('are read once for a day, and again when it is over', async () => {
    const lasting = { claims: { exp: now.getTime() / 1000 + 100 * HOUR } };
    await Promise.all(Array.from({ length: 20 }, () => sent(lasting)));
    pass(22 * HOUR);
    await sent(lasting);
    expect(bots.asked).toMatchObject({ metadata: 1, keys: 1 });
    pass(3 * HOUR);
    await sent(lasting);
    expect(bots.asked).toMatchObject({ metadata: 2, keys: 2 });
  });

  it('are read again for a new one, and not for each of a flood of unknown ones', async () => {
    await sent();
    bots.keys.push({ key: await otherKey(), endorsements: ['msteams'] });
    pass(31);
    await sent();
    const flood = Array.from({ length: 100 }, (_, n) => refused({ header: { kid: `no-${n}` } }));
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['InvalidToken']));
    expect(bots.asked).toMatchObject({ metadata: 2, keys: 2 });
  });

  it('that were withdrawn verify nothing after a day', async () => {
    const old = bots.keys[0]!.key;
    await sent();
    bots.keys.splice(0, 1, { key: await otherKey(), endorsements: ['msteams'] });
    pass(25 * HOUR);
    expect(await refused({ key: old })).toBe('InvalidToken');
  });

  it.each([
    ['down', down],
    ['of another shape', json({ keys: 'none' })],
    ['empty', json({ keys: [] })],
    ['an error', json({ error: 'x' })],
  ])('that are %s let nobody in', async (_what, answer) => {
    bots.instead.keys = answer;
    expect(await refused({})).toBe('SigningKeysUnavailable');
    bots.instead.keys = undefined;
    bots.instead.metadata = answer;
    verify = verifier();
    expect(await refused({})).toBe('SigningKeysUnavailable');
  });

  it('are not read by plain http from elsewhere, nor where a redirect leads', async () => {
    bots.instead.metadata = json({ jwks_uri: 'http://keys.example/keys' });
    expect(await refused({})).toBe('SigningKeysUnavailable');
    bots.instead.metadata = (response) => response.writeHead(302, { location: `${bots.metadataUrl}2` }).end();
    verify = verifier();
    expect(await refused({})).toBe('SigningKeysUnavailable');
  });

  it('shorter than 2048 bits are none', async () => {
    const short = await newKey(1024);
    bots.instead.keys = json({ keys: [{ ...toJwk(short), endorsements: ['msteams'] }] });
    expect(await refused({ key: bots.keys[0]!.key })).toBe('SigningKeysUnavailable');
  });
});
