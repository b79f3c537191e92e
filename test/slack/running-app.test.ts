import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, startApp } from '../support/app/start-app.ts';
import { startTestAzure } from '../support/azure/test-azure.ts';
import { type SlowStorage, startSlowStorage } from '../support/faults/slow-storage.ts';
import { allEvents } from '../support/faults/stored-state.ts';
import { ownAccount } from '../support/run/own-account.ts';
import {
  buttonsOf,
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
let storage: SlowStorage;
let app: App;

beforeAll(async () => {
  [azure, slack] = await Promise.all([startTestAzure(ownAccount()), startFakeSlack()]);
  storage = await startSlowStorage(azure.connectionString);
  slack.users.set('U0ALICE', person('U0ALICE', 'alice@contoso.example'));
  const settings = { ...azure.settings, AzureWebJobsStorage: storage.connectionString };
  app = await startApp({ ...settings, ...slack.settings, POLICY, CHAT_LINK_DAYS: '30' });
});

afterAll(async () => {
  storage.milliseconds = 0;
  expect(await app.stop()).toBe(0);
  await Promise.all([azure.stop(), slack.stop(), storage.stop()]);
});

let triggers = 0;
const command = (text: string): string =>
  form({
    ...{ team_id: teamId, user_id: 'U0ALICE', user_name: 'alice', command: '/netcheck', text, channel_id: 'C0NET' },
    ...{ trigger_id: `trigger-${++triggers}`, response_url: slack.responseUrl(`secret-${triggers}`) },
  });

const mention = (text: string): string =>
  JSON.stringify({
    ...{ type: 'event_callback', team_id: teamId, event_id: `Ev${++triggers}` },
    event: { type: 'app_mention', user: 'U0ALICE', channel: 'C0NET', text: `<@U0APP> ${text}` },
  });

const click = (button: object | undefined): string =>
  form({
    payload: JSON.stringify({
      ...{ type: 'block_actions', trigger_id: `trigger-${++triggers}`, team: { id: teamId } },
      ...{ user: { id: 'U0ALICE', username: 'alice', team_id: teamId }, actions: [button] },
      container: { type: 'message', channel_id: 'C0NET', message_ts: '9.1', is_ephemeral: true },
      response_url: slack.responseUrl(`secret-${triggers}`),
    }),
  });

async function send(body: string, path: 'commands' | 'interactions' | 'events' = 'commands') {
  const type = path === 'events' ? 'application/json' : 'application/x-www-form-urlencoded';
  const headers = { 'content-type': type, ...signed(body) };
  const answer = await fetch(`${app.url}/api/chat/slack/${path}`, { method: 'POST', headers, body });
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
    expect(Buffer.from(code, 'base64url')).toHaveLength(16);
    const token = await azure.token('alice', ['Check.Request', 'Audit.Read'], { upn: 'alice@contoso.example' });
    const linked = await fetch(`${app.url}/api/chat/links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    expect(linked.status).toBe(201);
    const { linkedAt, until: end } = (await linked.json()) as { linkedAt: string; until: string };
    expect(Date.parse(end) - Date.parse(linkedAt)).toBe(30 * 86_400_000);
    await until('the account to be told', 30, hasSaid('acts as alice'));
    const body = command(line);
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
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

  it('are acknowledged in three seconds, whatever was written or clicked, while each request to storage takes two seconds longer', async () => {
    const again = buttonsOf(said().findLast((call) => textOf(call).includes('Reachable'))!).find(
      ({ action_id: id }) => id === 'again',
    );
    slack.calls.length = 0;
    storage.milliseconds = 2000;
    const asked = [
      ['commands', command(line)],
      ['events', mention(line)],
      ['interactions', click(again)],
    ] as const;
    for (const [path, body] of asked) {
      const begun = performance.now();
      // The second is a retry that Slack sends while the first is still at work.
      const answers = await Promise.all([send(body, path), send(body, path)]);
      const took = performance.now() - begun;
      expect(
        answers.map(({ status }) => status),
        path,
      ).toEqual([200, 200]);
      expect(took, path).toBeGreaterThan(2000);
      expect(took, path).toBeLessThan(3000);
    }
    storage.milliseconds = 0;
    const places = () => said().flatMap((call) => (textOf(call).includes('Reachable') ? [call.path] : []));
    await until('the end of each', 120, () => new Set(places()).size === asked.length);
    const events = await allEvents(azure.connectionString);
    expect(events.filter(({ action }) => action === 'requested')).toHaveLength(4);
  });
});
