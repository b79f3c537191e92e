import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientCredentialTokens } from '../../../src/teams/connector/client-credentials.ts';
import { CONNECTOR_SCOPE, createConnector } from '../../../src/teams/connector/create-connector.ts';
import { cardOf, run, textOf } from '../../../src/teams/card/card.ts';
import type { Connector } from '../../../src/teams/ports/connector.ts';
import { type BotService, startBotService } from '../../support/azure/bot-service.ts';
import { down, json } from '../../support/azure/entra.ts';

let now: Date;
let bots: BotService;
let connector: Connector;
let warned: string[];

beforeEach(async () => {
  now = new Date('2030-01-01T00:00:00Z');
  warned = [];
  bots = await startBotService(() => now);
  connector = connectorWith(bots.appSecret);
});
afterEach(() => bots.stop());

function connectorWith(clientSecret: string, timeoutMs = 5000): Connector {
  const common = { fetch, now: () => now };
  return createConnector({
    warn: (message, error) => warned.push(`${message} ${String(error)}`),
    ...common,
    getToken: clientCredentialTokens({
      ...{ ...common, tokenUrl: new URL(bots.tokenUrl), clientId: bots.appId, clientSecret, scope: CONNECTOR_SCOPE },
    }),
    serviceHosts: [bots.serviceHost],
    timeoutMs,
  });
}

const message = { card: cardOf({ body: [textOf([run('hello')])] }), summary: 'Connectivity check' };
const to = () => ({ serviceUrl: bots.serviceUrl, conversationId: '19:abc@thread.tacv2;messageid=1700' });

describe('A message to Teams', () => {
  it('is posted as a card, in answer to what was asked, with a token of the bot', async () => {
    expect(await connector.post({ ...to(), replyToId: '1700/1' }, message)).toEqual({
      kind: 'sent',
      activityId: 'sent-1',
    });
    expect(bots.written).toEqual([
      {
        ...{ method: 'POST', conversationId: to().conversationId, activityId: '1700/1', token: 'token-1' },
        body: {
          type: 'message',
          conversation: { id: to().conversationId },
          replyToId: '1700/1',
          summary: 'Connectivity check',
          attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: message.card }],
        },
      },
    ]);
  });

  it('is replaced under its id, which an update may answer without', async () => {
    bots.instead.activities = json({});
    expect(await connector.put(to(), 'sent-1', message)).toEqual({ kind: 'sent', activityId: 'sent-1' });
    expect(bots.written).toMatchObject([{ method: 'PUT', activityId: 'sent-1' }]);
  });

  it('has one token for an hour, whoever waits for it', async () => {
    await Promise.all(Array.from({ length: 10 }, () => connector.post(to(), message)));
    now = new Date(now.getTime() + 54 * 60_000);
    await connector.post(to(), message);
    expect(bots.asked.tokens).toBe(1);
    now = new Date(now.getTime() + 2 * 60_000);
    await connector.post(to(), message);
    expect(bots.asked.tokens).toBe(2);
  });

  it('whose token is refused is sent again with a new one, once', async () => {
    await connector.post(to(), message);
    bots.instead.activities = (response) => {
      const isOld = bots.written.at(-1)?.token === 'token-1';
      if (isOld) response.writeHead(401).end();
      else json({ id: 'again' })(response);
    };
    expect(await connector.post(to(), message)).toEqual({ kind: 'sent', activityId: 'again' });
    expect(bots.written.map(({ token }) => token)).toEqual(['token-1', 'token-1', 'token-2']);
    bots.instead.activities = (response) => response.writeHead(401).end();
    expect(await connector.post(to(), message)).toMatchObject({ kind: 'failed', cause: 'Teams answered 401.' });
    expect(bots.written).toHaveLength(5);
  });

  it('fails without a token, and says nothing of the secret', async () => {
    const refused = connectorWith('wrong-secret');
    expect(await refused.post(to(), message)).toEqual({
      kind: 'failed',
      cause: 'There is no token for the Bot Connector.',
    });
    for (const answer of [down, json({}), json({ access_token: 'a\nb', expires_in: 1 }), json([])]) {
      bots.instead.tokens = answer;
      expect(await connectorWith(bots.appSecret).post(to(), message)).toMatchObject({ kind: 'failed' });
    }
    expect(bots.written).toEqual([]);
  });

  it('fails where Teams is down, and goes through when it is up', async () => {
    bots.instead.activities = down;
    expect(await connector.post(to(), message)).toMatchObject({ kind: 'failed' });
    bots.instead.activities = (response) => response.writeHead(429, { 'retry-after': '17' }).end();
    expect(await connector.post(to(), message)).toEqual({
      ...{ kind: 'failed', cause: 'Teams answered 429.', retryAfterSeconds: 17 },
    });
    bots.instead.activities = undefined;
    expect(await connector.post(to(), message)).toMatchObject({ kind: 'sent' });
  });

  it('is gone where Teams knows no such message', async () => {
    bots.instead.activities = (response) => response.writeHead(404).end();
    expect(await connector.put(to(), 'deleted', message)).toEqual({ kind: 'gone' });
  });

  it('ends in time', async () => {
    bots.instead.activities = () => undefined;
    expect(await connectorWith(bots.appSecret, 200).post(to(), message)).toEqual({
      ...{ kind: 'failed', cause: 'No answer came in time.' },
    });
  });

  it('follows no redirect', async () => {
    bots.instead.activities = (response) => response.writeHead(307, { location: `${bots.serviceUrl}elsewhere` }).end();
    expect(await connector.post(to(), message)).toMatchObject({ kind: 'failed', cause: 'Teams answered 307.' });
    expect(bots.written).toHaveLength(1);
  });

  it('has its token from no address that a redirect names', async () => {
    bots.instead.tokens = (response) => {
      const isFirst = bots.asked.tokens === 1;
      if (isFirst) response.writeHead(307, { location: bots.tokenUrl }).end();
      else json({ access_token: 'of-another', expires_in: 3600 })(response);
    };
    expect(await connector.post(to(), message)).toMatchObject({ kind: 'failed' });
    expect([bots.asked.tokens, bots.written]).toEqual([1, []]);
  });

  it.each([
    'https://evil.example/',
    'http://127.0.0.1:1/',
    'http://127.0.0.1@evil.example/',
    'no url',
    'ftp://127.0.0.1',
  ])('goes nowhere but to the hosts of the settings: %s', async (serviceUrl) => {
    expect(await connector.post({ ...to(), serviceUrl }, message)).toEqual({
      ...{ kind: 'failed', cause: 'The service URL is not among TEAMS_SERVICE_HOSTS.' },
    });
    expect(bots.asked.tokens).toBe(0);
  });

  it('whose id is not told stands without one', async () => {
    bots.instead.activities = (response) => response.writeHead(201).end('x'.repeat(200_000));
    expect(await connector.post(to(), message)).toEqual({ kind: 'sent', activityId: '' });
  });
});

describe('Whether all who read in a conversation are such', () => {
  const member = (name: string) => ({ id: `29:${name}`, tenantId: name });
  const ask = (given = to()) => connector.everyMember(given, ({ tenantId }) => tenantId !== 'them');

  it.each<readonly [string, readonly (readonly object[])[], boolean]>([
    ['all are', [[member('us'), member('us')]], true],
    ['one is not', [[member('us'), member('them')]], false],
    ['one of the last page is not', [[member('us')], [member('us')], [member('them')]], false],
    ['all of all pages are', [[member('us')], [member('us')]], true],
  ])('is read page by page: %s', async (_, pages, expected) => {
    bots.members.set(to().conversationId, pages);
    expect(await ask()).toBe(expected);
  });

  it('is unknown where Teams does not say, or goes on without end', async () => {
    for (const status of [401, 403, 429, 500]) {
      bots.instead.members = (response) => response.writeHead(status).end();
      expect(await ask()).toBeUndefined();
      expect(warned.at(-1)).toMatch(/^Teams does not say who reads in a conversation\. Error: /);
    }
    expect(warned).toContain('Teams does not say who reads in a conversation. Error: Teams answered 403.');
    bots.instead.members = down;
    expect(await ask()).toBeUndefined();
    let pages = 0;
    bots.instead.members = json({ members: [member('us')], continuationToken: 'more' });
    const counted = connector.everyMember(to(), () => ++pages > 0);
    expect([await counted, pages]).toEqual([undefined, 50]);
    pages = 0;
    // Pages that come slowly are not read beyond the time that whoever asks has.
    const slow = connector.everyMember(to(), () => {
      now = new Date(now.getTime() + 6000);
      return ++pages > 0;
    });
    expect([await slow, pages]).toEqual([undefined, 4]);
  });

  it('is so where nobody is read, because Teams knows no such conversation', async () => {
    bots.instead.members = (response) => response.writeHead(404).end('<html>');
    expect(await ask()).toBe(true);
  });

  it('is asked of the hosts of Teams alone', async () => {
    expect(await ask({ ...to(), serviceUrl: 'https://evil.example/' })).toBeUndefined();
    expect(bots.asked.tokens).toBe(0);
  });
});
