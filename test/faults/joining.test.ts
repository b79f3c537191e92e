import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { type FaultyApp, type FaultyAzure, source, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches, postsByCheck } from '../support/faults/invariants.ts';
import { ownAccount } from '../support/run/own-account.ts';
import { until } from '../support/until.ts';

let azure: FaultyAzure;
beforeAll(async () => {
  azure = await startFaultyAzure(ownAccount(), { speed: 10 });
});
afterEach(() => azure.endApps());
afterAll(() => azure.stop());

const users = Array.from({ length: 20 }, (_, i) => `asker-${i}`);
/** What the hops show is closed to one of them. */
const POLICY = JSON.stringify({
  version: 1,
  rules: [
    { id: 'all', effect: 'allow' },
    {
      id: 'partner',
      effect: 'deny',
      requesters: { roles: ['Check.Admin'] },
      destinations: [resources.pay1.id.replace(/resourceGroups.*/, '**')],
    },
  ],
});
const start = () => azure.start({ settings: { POLICY } });

let nextPort = 3000;
/** A flow that nobody has asked for, whose operation is polled. */
const newBody = () => ({
  source: { resourceId: source },
  destination: { address: '10.1.2.4', port: nextPort++ },
  protocol: 'Tcp',
});

async function call(app: FaultyApp, user: string, path: string, body?: object, roles = ['Check.Request']) {
  const headers = {
    authorization: `Bearer ${await azure.azure.token(user, roles)}`,
    'content-type': 'application/json',
  };
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : { method: 'DELETE' };
  const answer = await fetch(`${app.url}${path}`, { ...init, headers });
  return { status: answer.status, json: (await answer.json()) as { readonly id: string } };
}

async function ask(app: FaultyApp, user: string, body: object, roles?: string[]): Promise<string> {
  const { status, json } = await call(app, user, '/api/checks', body, roles);
  expect(status).toBe(202);
  return json.id;
}

/** All ask at the same time; the first a little before, so that it is known which one POSTs. */
async function askAll(apps: readonly FaultyApp[], body: object, rolesOfFirst?: string[]): Promise<string[]> {
  const first = await ask(apps[0]!, users[0]!, body, rolesOfFirst);
  const others = users.slice(1).map((user, i) => ask(apps[i % apps.length]!, user, body));
  return [first, ...(await Promise.all(others))];
}

async function outcome(app: FaultyApp, ids: readonly string[]) {
  const stored = await azure.settle(app);
  const posts = postsByCheck(azure.trace.log);
  return {
    broken: breaches({ accepted: ids, stored, log: azure.trace.log }),
    posts: ids.flatMap((id) => posts.get(id) ?? []).length,
    /** Checks with a POST of their own, which a busy source can make more than one. */
    measured: ids.filter((id) => posts.has(id)).length,
    statuses: ids.map((id) => stored.checks.get(id)?.status),
    trails: ids.map((id) =>
      stored.events
        .get(id)
        ?.map(({ event }) => (event.joined ? 'joined' : event.action))
        .join(),
    ),
  };
}

const rest = <T>(value: T): T[] => users.slice(1).map(() => value);

/** How many of them share the run of another. */
const joinedAmong = async (ids: readonly string[]): Promise<number> => {
  const { checks } = await azure.state();
  return ids.filter((id) => checks.get(id)?.joined !== undefined).length;
};

describe('twenty askers of one flow at two instances', () => {
  it('are one POST, and twenty checks with whole audits', async () => {
    const apps = await Promise.all([start(), start()]);
    const ids = await askAll(apps, newBody());
    const { broken, posts, statuses, trails } = await outcome(apps[0], ids);
    expect(posts).toBe(1);
    expect(new Set(statuses)).toEqual(new Set(['Succeeded']));
    expect(trails.toSorted()).toEqual([...rest('requested,joined,finished'), 'requested,started,finished']);
    expect(broken).toEqual([]);
  });

  it('are nineteen results where the first is canceled while it runs', async () => {
    const apps = await Promise.all([start(), start()]);
    const ids = await askAll(apps, newBody());
    await until('all to share the run', 30, async () => (await joinedAmong(ids)) === 19);
    expect((await call(apps[0], users[0]!, `/api/checks/${ids[0]!}`)).status).toBe(200);
    const { broken, posts, statuses } = await outcome(apps[0], ids);
    expect(posts).toBe(1);
    expect(statuses).toEqual(['Canceled', ...rest('Succeeded')]);
    expect(broken).toEqual([]);
  });

  it('are nineteen results where that of the first is withheld', async () => {
    const app = await start();
    const body = { ...newBody(), destination: { address: resources.pay1.address, port: 22 } };
    const ids = await askAll([app], body, ['Check.Request', 'Check.Admin']);
    const { broken, statuses } = await outcome(app, ids);
    expect(statuses).toEqual(['Failed', ...rest('Succeeded')]);
    expect(broken).toEqual([]);
  });
});

describe('a check on the built app', () => {
  it('is measured anew where it is a rerun, has probe headers, or comes 5 s after the POST of an equal one', async () => {
    const app = await start();
    const body = newBody();
    const [first] = await Promise.all([ask(app, users[0]!, body), ask(app, users[0]!, body)]);
    const { json } = await call(app, users[0]!, `/api/checks/${first}/rerun`, {});
    const http = {
      ...body,
      protocol: 'Http',
      protocolConfiguration: { HTTPConfiguration: { headers: [{ name: 'Accept', value: '*/*' }] } },
    };
    const withHeaders = await Promise.all([ask(app, users[1]!, http), ask(app, users[2]!, http)]);
    await sleep(5500);
    const late = await ask(app, users[3]!, body);
    const ids = [json.id, ...withHeaders, late];
    const { broken, measured, trails } = await outcome(app, ids);
    expect(measured).toBe(4);
    expect(new Set(trails.map((trail) => trail?.split(',')[1]))).toEqual(new Set(['started']));
    expect(broken).toEqual([]);
  });
});
