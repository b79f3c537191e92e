import { setTimeout as sleep } from 'node:timers/promises';
import { TableClient } from '@azure/data-tables';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { copyApp } from '../support/app/app-copy.ts';
import type { App } from '../support/app/start-app.ts';
import { startTestAzure } from '../support/azure/test-azure.ts';
import { clockArguments } from '../support/faults/clock-arguments.ts';
import { ownAccount } from '../support/run/own-account.ts';
import { seededRandom } from '../support/seeded-random.ts';
import {
  type Fate,
  form,
  person,
  signed,
  type SlackCall,
  startFakeSlack,
  teamId,
  textOf,
} from '../support/slack/fake-slack.ts';
import { until } from '../support/until.ts';

const SEED = 1;
const REQUESTS = 24;
const ASKERS = ['alice', 'bob', 'carol', 'dave'];
const MOST_KILLS = 9;
/** The app's clock: a lease is over in 9 s. What waits in the queue waits in our time. */
const CLOCK_SPEED = 10;
const SWEEP_MILLISECONDS = 2000;
/** Milliseconds from a call to the note of it, on a busy machine. */
const MOST_UNTIL_NOTE = 5000;
const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });
const settings = { CHECK_DEADLINE_SECONDS: '999999', QUEUE_DEADLINE_SECONDS: '999999', POLICY };

/** `broken`: the address by which it is answered never answers. `breaks`: it answers once. */
const ways = ['command', 'broken', 'breaks', 'direct'] as const;

interface Request {
  readonly user: string;
  readonly way: (typeof ways)[number];
  readonly path: 'commands' | 'events';
  readonly body: string;
}

/** A call that told somebody something of a request. */
interface Telling {
  readonly call: SlackCall;
  readonly request: number;
  readonly at: number;
  readonly fate: Fate;
  /** Of the message that a post made. */
  readonly ts?: string;
}

const addressOf = (request: number): string => `10.50.0.${request}`;
const requestIn = (call: SlackCall): number | undefined => {
  const [, number] = /10\.50\.0\.(\d+)/.exec(textOf(call)) ?? [];
  return number === undefined ? undefined : Number(number);
};
/** Where each request that is kept stands. */
async function statesIn(connectionString: string): Promise<readonly string[]> {
  const table = TableClient.fromConnectionString(connectionString, 'chats', { allowInsecureConnection: true });
  const states: string[] = [];
  for await (const { request } of table.listEntities<{ request: string }>())
    states.push(rowSchema.parse(JSON.parse(request)).state);
  return states;
}
const rowSchema = z.object({ state: z.string() });
const isOpen = (state: string): boolean => state !== 'over';

const isEnd = ({ call, fate }: Telling): boolean => fate !== 'fail' && textOf(call).includes('Unreachable: web-01');

it('whoever asks in Slack is told the end, while the app is killed and addresses fail; only a kill between a call and its note doubles a message', async () => {
  const begun = Date.now();
  const random = seededRandom(SEED);
  const tellings: Telling[] = [];
  const kills: number[] = [];
  const struck = new Set<number>();
  let app: App | undefined;
  let isRaging = false;
  let messages = 0;

  const kill = (): void => {
    kills.push(Date.now());
    void app?.kill();
    app = undefined;
  };
  const fateOf = (call: SlackCall): Fate => {
    const at = Date.now();
    const request = requestIn(call);
    const ts = call.method === 'chat.postMessage' ? `${++messages}.000100` : undefined;
    if (request === undefined) return undefined;
    const fate = fateOfTelling(call, request);
    tellings.push({ call, request, at, fate, ...(ts !== undefined && { ts }) });
    return fate;
  };
  // Some are killed at the worst moment, each request once: Slack has done it, and nobody has noted it.
  const fateOfTelling = (call: SlackCall, request: number): Fate => {
    const isSpent = tellings.some((each) => each.request === request && each.call.method === 'response_url');
    const way = ways[request % ways.length];
    if (call.method === 'response_url' && (way === 'broken' || (way === 'breaks' && isSpent))) return 'fail';
    const isHit = isRaging && app && kills.length < MOST_KILLS && !struck.has(request) && random() < 0.2;
    if (!isHit) return undefined;
    struck.add(request);
    kill();
    return 'drop';
  };

  const [azure, slack, copy] = await Promise.all([
    startTestAzure(ownAccount(), { speed: 40 }),
    startFakeSlack({ fateOf }),
    copyApp(),
  ]);
  const start = async (): Promise<void> => {
    const clock = clockArguments({ since: begun, speed: CLOCK_SPEED });
    app = await copy.start({ ...azure.settings, ...slack.settings, ...settings }, clock);
  };
  const now = (): Date => new Date(begun + (Date.now() - begun) * CLOCK_SPEED);
  /** The status, or 0 where the app is not there, or dies meanwhile. */
  const send = async ({ path, body }: Pick<Request, 'path' | 'body'>): Promise<number> => {
    const type = path === 'events' ? 'application/json' : 'application/x-www-form-urlencoded';
    const headers = { 'content-type': type, ...signed(body, { at: now() }) };
    const sent = fetch(`${app?.url ?? 'http://127.0.0.1:1'}/api/chat/slack/${path}`, { method: 'POST', headers, body });
    return sent.then(
      ({ status }) => status,
      () => 0,
    );
  };
  const commandOf = (user: string, text: string, name: string): string =>
    form({
      ...{ team_id: teamId, user_id: `U${user}`, user_name: user, command: '/netcheck', text, channel_id: 'C0NET' },
      ...{ trigger_id: `trigger-${name}`, response_url: slack.responseUrl(name) },
    });
  const directOf = (user: string, text: string, name: string): string =>
    JSON.stringify({
      ...{ type: 'event_callback', team_id: teamId, event_id: `Ev${name}` },
      event: { type: 'message', channel_type: 'im', user: `U${user}`, channel: `D${user}`, text },
    });
  const requestOf = (number: number): Request => {
    const user = ASKERS[Math.floor(random() * ASKERS.length)] ?? '';
    const way = ways[number % ways.length] ?? 'command';
    const text = `${resources.web1.id} ${addressOf(number)}:443`;
    return way === 'direct'
      ? { user, way, path: 'events', body: directOf(user, text, String(number)) }
      : { user, way, path: 'commands', body: commandOf(user, text, String(number)) };
  };
  const link = async (user: string): Promise<void> => {
    slack.users.set(`U${user}`, person(`U${user}`, `${user}@contoso.example`));
    expect(await send({ path: 'commands', body: commandOf(user, 'link', `link-${user}`) })).toBe(200);
    let code: string | undefined;
    await until(`the link of ${user}`, 30, () => {
      const told = slack.calls.filter(({ path }) => path.endsWith(`/link-${user}`));
      [, code] = /#\/link\/([\w-]+)/.exec(JSON.stringify(told)) ?? [];
      return code !== undefined;
    });
    const exp = Math.floor(Date.now() / 1000) + 86_400;
    const token = await azure.token(user, ['Check.Request'], { upn: `${user}@contoso.example`, exp });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ code });
    const linked = await fetch(`${app?.url ?? ''}/api/chat/links`, { method: 'POST', headers, body });
    expect(linked.status).toBe(201);
  };

  let isOver = false;
  const over = (): boolean => isOver;
  try {
    await start();
    await Promise.all(ASKERS.map(link));
    isRaging = true;
    const requests = Array.from({ length: REQUESTS }, (_, number) => requestOf(number));
    const raging = async (): Promise<void> => {
      while (!over()) {
        await sleep(app ? 500 + random() * 2500 : 50);
        if (over()) return;
        if (app && kills.length < MOST_KILLS) kill();
        if (!app) await start();
      }
    };
    const sweeping = async (): Promise<void> => {
      while (!over()) {
        await app?.runByHand('sweepChecks').catch(() => undefined);
        await sleep(SWEEP_MILLISECONDS);
      }
    };
    // As somebody who asks until it is taken: with one id, so that it is one request however often it is sent.
    const asking = requests.map(async (request, number) => {
      await sleep(number * 400);
      await until(`request ${number} to be accepted`, 60, async () => (await send(request)) === 200);
    });
    const ending = Promise.all(asking).then(() =>
      until('the end of every request to be told', 80, () =>
        requests.every((_, number) => tellings.some((each) => each.request === number && isEnd(each))),
      ),
    );
    // Nobody is told anything after that.
    const settling = ending.then(() =>
      until('every request to be over', 60, async () => !(await statesIn(azure.connectionString)).some(isOpen)),
    );
    const finishing = settling.finally(() => {
      isOver = true;
    });
    const works = [raging(), sweeping(), finishing];
    // An app that is about to start has started before it is ended.
    await Promise.allSettled(works);
    await Promise.all(works);

    const done = tellings.filter(({ fate }) => fate !== 'fail');
    const figures = { requests: REQUESTS, kills: kills.length, replaced: 0, posted: 0, doubled: 0 };
    for (const [number, { user, way }] of requests.entries()) {
      const own = done.filter(({ request }) => request === number);
      expect(own.at(-1)).toSatisfy(isEnd);
      const posts = own.filter(({ call }) => call.method === 'chat.postMessage');
      const replaced = own.filter(({ call }) => call.method !== 'chat.postMessage');
      // The first of an address stands where nothing stood.
      figures.replaced += replaced.length - (posts.length === 0 ? 1 : 0);
      figures.posted += posts.length;
      // Nobody else is told, and what is told again stands in the place of what was told.
      for (const { call } of replaced)
        if (call.method === 'response_url') {
          expect(call.path).toBe(`/commands/${number}`);
          expect(call.body).toMatchObject({ response_type: 'ephemeral', replace_original: true });
        } else {
          expect(call.method).toBe('chat.update');
          expect(posts.map(({ ts }) => ts)).toContain(call.body.ts);
        }
      for (const { call } of posts) expect([`U${user}`, `D${user}`]).toContain(call.body.channel);
      if (way === 'command') expect(posts).toEqual([]);
      expect(posts.length).toBeLessThanOrEqual(2);
      for (const [place, { at }] of posts.slice(1).entries()) {
        figures.doubled += 1;
        const before = posts[place]?.at ?? 0;
        expect(kills.some((killed) => killed >= before && killed <= Math.min(at, before + MOST_UNTIL_NOTE))).toBe(true);
      }
    }
    console.log({ ...figures, seconds: (Date.now() - begun) / 1000 });
    expect(kills.length).toBeGreaterThan(2);
  } finally {
    isOver = true;
    await app?.kill();
    await Promise.all([azure.stop(), slack.stop(), copy.remove()]);
  }
}, 240_000);
