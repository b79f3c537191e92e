import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { type SetView, setViewSchema } from '../../src/contract/answer/set.ts';
import type { App } from '../support/app/start-app.ts';
import { type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { ownAccount } from '../support/run/own-account.ts';
import { until } from '../support/until.ts';

let azure: FaultyAzure;
beforeAll(async () => {
  azure = await startFaultyAzure(ownAccount());
});
afterEach(() => azure.endApps());
afterAll(() => azure.stop());

const sources = [resources.web1, resources.batch, resources.report].map(({ id }) => ({ resourceId: id }));

/** Asks as the requester whose token the test has. */
async function ask(app: App, method: string, path: string, body?: object) {
  const exp = Math.floor(Date.now() / 1000) + 86_400;
  const token = await azure.azure.token('alice', ['Check.Request'], { exp });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${app.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return { status: answer.status, json: (await answer.json()) as object };
}

const viewOf = (json: object): SetView =>
  setViewSchema.parse(Object.fromEntries(Object.entries(json).filter(([name]) => name !== 'refused')));

const product = (count: number, octet: number) => ({
  sources,
  destinations: Array.from({ length: count }, (_, i) => ({ address: `10.61.${octet}.${i + 1}`, port: 443 })),
});

it('fifty-one flows in one call are one answer, no 429, and a matrix in the order asked', async () => {
  const app = await azure.start();
  const answer = await ask(app, 'POST', '/api/sets', product(17, 1));
  expect(answer.status).toBe(202);
  const { id } = viewOf(answer.json);
  const read = async () => viewOf((await ask(app, 'GET', `/api/sets/${id}`)).json);
  await until('the end of the set', 90, async () => (await read()).counts.running === 0);
  const { counts, checks, total } = await read();
  expect([total, counts.running, counts.refused, counts.failed]).toEqual([51, 0, 0, 0]);
  expect(checks.map(({ source, destination }) => `${source} ${destination}`)).toEqual(
    sources.flatMap(({ resourceId }) => product(17, 1).destinations.map(({ address }) => `${resourceId} ${address}`)),
  );
  const stored = await azure.settle(app);
  for (const check of checks) {
    expect(stored.checks.get(check.id ?? '')?.status).toBe(check.status);
    const actions = stored.events.get(check.id ?? '')?.map(({ event }) => event.action);
    expect(actions?.filter((action) => action !== 'started')).toEqual(['requested', 'finished']);
  }
});

it('three instances, of which two are killed in between, lose no member of a set', async () => {
  const [first, second, third] = await Promise.all([azure.start(), azure.start(), azure.start()]);
  const { id } = viewOf((await ask(first, 'POST', '/api/sets', product(8, 2))).json);
  await first.kill();
  await until('the first end', 60, async () => {
    const { counts } = viewOf((await ask(second, 'GET', `/api/sets/${id}`)).json);
    return counts.running < 24;
  });
  await second.kill();
  // What died with them is due again past a lease and the sweeper's grace.
  const later = await azure.start({ clock: { shiftSeconds: 125 } });
  await third.kill();
  const read = async () => viewOf((await ask(later, 'GET', `/api/sets/${id}`)).json);
  await until('the end of the set', 120, async () => {
    await later.sweep();
    return (await read()).counts.running === 0;
  });
  const { counts, checks } = await read();
  expect([counts.running, counts.failed, counts.refused]).toEqual([0, 0, 0]);
  expect(new Set(checks.map((check) => check.id)).size).toBe(24);
}, 300_000);
