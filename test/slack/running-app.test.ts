import { setTimeout as sleep } from 'node:timers/promises';
import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLoopbackServer } from '../../stand-ins/server/start-loopback-server.ts';
import { type App, startApp } from '../support/app/start-app.ts';
import { startTestAzure } from '../support/azure/test-azure.ts';
import { allEvents } from '../support/faults/stored-state.ts';
import { ownAccount } from '../support/run/own-account.ts';
import {
  type FakeSlack,
  form,
  person,
  signed,
  type SlackCall,
  startFakeSlack,
  teamId,
  textOf,
} from '../support/slack/fake-slack.ts';
import { until } from '../support/until.ts';

const line =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-01 10.1.2.4:1433';
const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });

let azure: Awaited<ReturnType<typeof startTestAzure>>;
let slack: FakeSlack;
let storage: Awaited<ReturnType<typeof startSlowStorage>>;
let app: App;

beforeAll(async () => {
  [azure, slack] = await Promise.all([startTestAzure(ownAccount()), startFakeSlack()]);
  storage = await startSlowStorage(azure.connectionString);
  slack.users.set('U0ALICE', person('U0ALICE', 'alice@contoso.example'));
  const settings = { ...azure.settings, AzureWebJobsStorage: storage.connectionString };
  app = await startApp({ ...settings, ...slack.settings, POLICY });
});

afterAll(async () => {
  storage.milliseconds = 0;
  expect(await app.stop()).toBe(0);
  await Promise.all([azure.stop(), slack.stop(), storage.stop()]);
});

/** Azurite, of which each request can be told to take longer. */
async function startSlowStorage(connectionString: string) {
  const state = { milliseconds: 0 };
  const services = ['Blob', 'Queue', 'Table'];
  const servers = await Promise.all(
    services.map((service) => {
      const [, endpoint = ''] = new RegExp(`${service}Endpoint=([^;]+)`).exec(connectionString) ?? [];
      const { origin } = new URL(endpoint);
      return startLoopbackServer(async (request, response) => {
        if (state.milliseconds > 0) await sleep(state.milliseconds);
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const kept = Object.entries(request.headers).filter(([name]) => !['host', 'connection'].includes(name));
        const headers = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
        const hasBody = chunks.length > 0;
        const answer = await fetch(`${origin}${request.url ?? ''}`, {
          method: request.method ?? 'GET',
          headers: { ...headers, host: new URL(endpoint).host },
          ...(hasBody && { body: Buffer.concat(chunks) }),
        });
        const body = Buffer.from(await answer.arrayBuffer());
        const told = [...answer.headers].filter(
          ([name]) => !/^(?:transfer-encoding|connection|content-encoding)$/.test(name),
        );
        response.writeHead(answer.status, Object.fromEntries(told)).end(body);
      });
    }),
  );
  const slow = services.reduce((text, service, index) => {
    const [, endpoint = ''] = new RegExp(`${service}Endpoint=([^;]+)`).exec(text) ?? [];
    return text.replace(endpoint, endpoint.replace(new URL(endpoint).origin, servers[index]?.url ?? ''));
  }, connectionString);
  return Object.assign(state, {
    connectionString: slow,
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  });
}

let triggers = 0;
const command = (text: string): string =>
  form({
    ...{ team_id: teamId, user_id: 'U0ALICE', user_name: 'alice', command: '/netcheck', text, channel_id: 'C0NET' },
    ...{ trigger_id: `trigger-${++triggers}`, response_url: slack.responseUrl(`secret-${triggers}`) },
  });

async function send(body: string) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...signed(body) };
  const answer = await fetch(`${app.url}/api/chat/slack/commands`, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text() };
}

const said = (): SlackCall[] => slack.calls.filter(({ method }) => /^(?:response_url|chat\.)/.test(method));
const hasSaid = (word: string) => () =>
  said().some((call) => textOf(call).includes(word) || JSON.stringify(call).includes(word));

describe('Slack and a running app', () => {
  it('link an account, ask, and are told of the end', async () => {
    expect((await send(command('link'))).status).toBe(200);
    await until('the link', 30, hasSaid('#/link/'));
    const [, code = ''] = /#\/link\/([\w-]+)/.exec(JSON.stringify(said())) ?? [];
    const token = await azure.token('alice', ['Check.Request', 'Audit.Read'], { upn: 'alice@contoso.example' });
    const linked = await fetch(`${app.url}/api/chat/links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    expect(linked.status).toBe(201);
    await until('the account to be told', 30, hasSaid('acts as alice'));
    const body = command(line);
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(body)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await until('the end', 60, hasSaid('Reachable'));
    const events = await allEvents(azure.connectionString);
    expect(events.filter(({ action }) => action === 'requested')).toMatchObject([
      {
        requester: { name: 'alice', via: 'slack', agent: `slack/${teamId}/U0ALICE` },
        decision: { roles: ['Check.Request'] },
      },
    ]);
    expect(
      slack.calls
        .filter(({ method }) => method !== 'response_url')
        .every(({ authorization }) => authorization?.startsWith('Bearer xoxb-')),
    ).toBe(true);
    expect(
      slack.calls.filter(({ method }) => method === 'response_url').some(({ authorization }) => authorization),
    ).toBe(false);
    const told = [...app.log, ...app.terminal].join('\n');
    expect(told).not.toContain(code);
    expect(told).not.toContain('/commands/secret');
    expect(told).not.toContain('xoxb-');
    const table = TableClient.fromConnectionString(azure.connectionString, 'chats', { allowInsecureConnection: true });
    for await (const row of table.listEntities()) expect(JSON.stringify(row)).not.toContain('/commands/secret');
  });

  it('are acknowledged in three seconds while each request to storage takes two seconds longer', async () => {
    slack.calls.length = 0;
    storage.milliseconds = 2000;
    const begun = performance.now();
    const answer = await send(command(line));
    const took = performance.now() - begun;
    storage.milliseconds = 0;
    expect(answer.status).toBe(200);
    expect(took).toBeGreaterThan(2000);
    expect(took).toBeLessThan(3000);
    await until('the end', 90, hasSaid('Reachable'));
  });
});
