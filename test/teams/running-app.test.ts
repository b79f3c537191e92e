import { TableClient } from '@azure/data-tables';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLoopbackServer } from '../../stand-ins/server/start-loopback-server.ts';
import { type App, startApp } from '../support/app/start-app.ts';
import { type BotService, startBotService } from '../support/azure/bot-service.ts';
import { startTestAzure } from '../support/azure/test-azure.ts';
import { type SlowStorage, startSlowStorage } from '../support/faults/slow-storage.ts';
import { allEvents } from '../support/faults/stored-state.ts';
import { ownAccount } from '../support/run/own-account.ts';
import { goodActivity } from '../support/teams/activities.ts';
import { until } from '../support/until.ts';
import { actionOf, cardIn } from './teams-world.ts';

const line =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-01 10.1.2.4:1433';
const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });

let azure: Awaited<ReturnType<typeof startTestAzure>>;
let bots: BotService;
let storage: SlowStorage;
let app: App;
let token: string;
let person: { readonly tid: string; readonly oid: string };

beforeAll(async () => {
  azure = await startTestAzure(ownAccount());
  token = await azure.token('alice', ['Check.Request', 'Audit.Read']);
  person = decodeJwt(token) as unknown as typeof person;
  bots = await startBotService(() => new Date(), person.tid);
  storage = await startSlowStorage(azure.connectionString);
  const settings = { ...azure.settings, AzureWebJobsStorage: storage.connectionString };
  app = await startApp({ ...settings, ...bots.settings, POLICY });
});

afterAll(async () => {
  storage.milliseconds = 0;
  expect(await app.stop()).toBe(0);
  await Promise.all([azure.stop(), bots.stop(), storage.stop()]);
});

let activities = 0;
const activityOf = (changes: object = {}) => ({
  ...goodActivity({ serviceUrl: bots.serviceUrl, tenantId: person.tid }),
  ...{ id: `1700${++activities}`, from: { id: '29:alice', name: 'Alice', aadObjectId: person.oid }, ...changes },
});

async function send(activity: object, claims: Record<string, unknown> = {}, to = app) {
  const answer = await fetch(`${to.url}/api/chat/teams/messages`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await bots.mint({ claims })}`,
      'content-type': 'application/json; charset=utf-8',
    },
    body: JSON.stringify(activity),
  });
  return { status: answer.status, text: await answer.text() };
}

const hasSaid = (word: string) => () => bots.written.some((each) => JSON.stringify(each.body).includes(word));

describe('Teams and a running app', () => {
  it('link an account, ask, show the answer to its asker and then to all', async () => {
    expect((await send(activityOf(), { aud: 'another' })).status).toBe(401);
    expect((await send(activityOf({ text: 'link' }))).status).toBe(200);
    await until('the link', 30, hasSaid('#/link/'));
    const [, code = ''] = /#\/link\/([\w-]+)/.exec(JSON.stringify(bots.written)) ?? [];
    expect(Buffer.from(code, 'base64url')).toHaveLength(16);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ code });
    const linked = await fetch(`${app.url}/api/chat/links`, { method: 'POST', headers, body });
    expect(linked.status).toBe(201);
    await until('the account to be told', 30, hasSaid('acts as alice'));

    const conversation = { id: '19:net@thread.v2', conversationType: 'groupChat', isGroup: true, tenantId: person.tid };
    const activity = activityOf({ text: line, conversation });
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(activity)));
    expect(answers).toEqual(Array(50).fill({ status: 200, text: '{}' }));
    await until('the end', 60, hasSaid('It has ended.'));
    expect(JSON.stringify(bots.written)).not.toContain('Reachable');
    const card = cardIn(bots.written.at(-1));

    const clicked = (action: object, more: object = {}) =>
      send(activityOf({ type: 'invoke', name: 'adaptiveCard/action', conversation, value: { action }, ...more }));
    expect((await clicked(card.refresh!.action)).text).toContain('Reachable');
    expect((await clicked(actionOf(card, 'Show here'), { replyToId: 'the-card' })).status).toBe(200);
    await until('the whole for all', 30, hasSaid('Shown by alice'));
    expect(bots.written.at(-1)).toMatchObject({ method: 'PUT', activityId: 'the-card' });

    const events = await allEvents(azure.connectionString);
    const requester = { name: 'alice', via: 'teams', agent: `teams/${bots.appId}`, objectId: person.oid };
    expect(events.filter(({ action }) => action === 'requested')).toMatchObject([
      { requester, decision: { roles: ['Check.Request'] } },
    ]);
    expect(events.filter(({ action }) => action === 'shared')).toMatchObject([
      { requester, channel: `teams/${person.tid}/19:net@thread.v2` },
    ]);
    const told = [...app.log, ...app.terminal].join('\n');
    for (const secret of [code, bots.appSecret, 'token-1']) expect(told).not.toContain(secret);
  });

  it('are acknowledged in three seconds, whatever was written or clicked, while each request to storage takes two seconds longer', async () => {
    const events = () => allEvents(azure.connectionString);
    const [{ checkId: check } = { checkId: undefined }] = (await events()).filter(
      ({ action }) => action === 'requested',
    );
    const before = bots.written.length;
    storage.milliseconds = 2000;
    const click = { type: 'invoke', name: 'adaptiveCard/action', text: undefined };
    const asked = [
      activityOf({ text: line }),
      activityOf({ ...click, value: { action: { verb: 'again', data: { check } } } }),
    ];
    for (const [index, activity] of asked.entries()) {
      const begun = performance.now();
      // The second is one that Teams sends again while the first is still at work.
      const answers = await Promise.all([send(activity), send(activity)]);
      const took = performance.now() - begun;
      expect([index, ...answers.map(({ status }) => status)]).toEqual([index, 200, 200]);
      expect(took).toBeGreaterThan(2000);
      expect(took).toBeLessThan(3000);
    }
    storage.milliseconds = 0;
    const ends = () => bots.written.slice(before).filter(({ body }) => JSON.stringify(body).includes('Reachable'));
    await until('the end of each', 120, () => ends().length >= asked.length);
    expect((await events()).filter(({ action }) => action === 'requested')).toHaveLength(3);
  });

  it('show no card that somebody wrote into the table', async () => {
    const table = TableClient.fromConnectionString(azure.connectionString, 'chats', { allowInsecureConnection: true });
    const found = [];
    for await (const row of table.listEntities({ queryOptions: { filter: "PartitionKey eq 'card'" } })) found.push(row);
    const [row] = found;
    expect(found).toHaveLength(1);
    await table.updateEntity({ ...row, partitionKey: 'card', rowKey: row!.rowKey!, card: '{"evil":true}' }, 'Replace');
    const value = { action: { verb: 'see', data: { request: row!.rowKey } } };
    const answer = await send(activityOf({ type: 'invoke', name: 'adaptiveCard/action', value }));
    expect(answer.text).toContain('ask again');
    expect(answer.text).not.toContain('evil');
  });

  it('keep an answer for seven days, and remove it with the next sweep after that', async () => {
    const table = TableClient.fromConnectionString(azure.connectionString, 'chats', { allowInsecureConnection: true });
    const kept = { partitionKey: 'card', user: person.oid, card: '{}', proof: 'x' };
    const endsAt = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
    await table.createEntity({ ...kept, rowKey: 'over', endsAt: endsAt(-1) });
    await table.createEntity({ ...kept, rowKey: 'not-over', endsAt: endsAt(3600) });
    const keys = async () => {
      const found = [];
      for await (const { rowKey = '', endsAt: end } of table.listEntities({
        queryOptions: { filter: "PartitionKey eq 'card'" },
      }))
        found.push({ rowKey, days: (Date.parse(String(end)) - Date.now()) / 86_400_000 });
      return found;
    };
    const answers = (await keys()).filter(({ rowKey }) => !/over/.test(rowKey));
    expect(answers.map(({ days }) => Math.ceil(days))).toEqual(Array(answers.length).fill(7));
    expect(answers.length).toBeGreaterThan(0);
    expect((await app.runByHand('sweepChecks')).status).toBe(202);
    await until('the sweep', 30, async () => !(await keys()).some(({ rowKey }) => rowKey === 'over'));
    expect((await keys()).map(({ rowKey }) => rowKey).sort()).toEqual(
      ['not-over', ...answers.map(({ rowKey }) => rowKey)].sort(),
    );
  });
});

describe('an app whose bot has no secret', () => {
  it('writes with the managed identity of the bot, which is not the one that acts in Azure', async () => {
    const asked: URLSearchParams[] = [];
    const identity = await startLoopbackServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
      asked.push(searchParams);
      const token = { access_token: `of-${searchParams.get('client_id') ?? 'nobody'}`, token_type: 'Bearer' };
      const more = { expires_on: String(Math.floor(Date.now() / 1000) + 3600), resource: searchParams.get('resource') };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...token, ...more }));
      return Promise.resolve();
    });
    const deputy = '00000000-0000-4000-8000-0000000000dd';
    // In one storage the other app could take the message.
    const AzureWebJobsStorage = ownAccount();
    const given = {
      ...azure.settings,
      AzureWebJobsStorage,
      ...bots.settings,
      TEAMS_APP_SECRET: '',
      POLICY,
      AZURE_CLIENT_ID: deputy,
    };
    const other = await startApp({ ...given, IDENTITY_ENDPOINT: `${identity.url}/msi/token` });
    const before = bots.written.length;
    try {
      expect((await send(activityOf({ text: 'me' }), {}, other)).status).toBe(200);
      await until('the answer', 30, () => bots.written.length > before);
      expect(bots.written.at(-1)?.token).toBe(`of-${bots.appId}`);
    } finally {
      await other.stop();
      await identity.stop();
    }
    const ofBot = asked.filter((query) => query.get('client_id') === bots.appId);
    expect(ofBot.map((query) => query.get('resource'))).toEqual(['https://api.botframework.com']);
    const ofDeputy = asked.filter((query) => query.get('client_id') === deputy);
    expect(ofDeputy.every((query) => query.get('resource') !== 'https://api.botframework.com')).toBe(true);
    expect(ofBot.length + ofDeputy.length).toBe(asked.length);
  });
});
