import { afterAll, beforeAll, expect, it } from 'vitest';
import { acceptedSetSchema } from '../../../src/contract/answer/set.ts';
import { problemAnswerSchema } from '../../../src/contract/answer/problem-answer.ts';
import { resources } from '../../../stand-ins/arm/scenarios/resources.ts';
import { type Proxy, startProxy } from '../../security/start-proxy.ts';

const main = '/subscriptions/00000000-0000-4000-8000-00000000000a';
const to = [{ address: '10.1.2.4', port: 1433 }];
const policy = {
  version: 1,
  rules: [
    { id: 'shop', effect: 'allow', sources: [`${main}/resourceGroups/rg-shop/**`], destinations: ['10.1.0.0/16'] },
    {
      id: 'to-machines',
      effect: 'allow',
      sources: [`${main}/resourceGroups/rg-shop/**`],
      destinations: [`${main}/resourceGroups/rg-shop/**`],
    },
  ],
  sets: {
    // card-01 is others'; of twin-01 one is, and one is open.
    some: { sources: ['web-01', 'card-01', 'twin-01'].map((name) => ({ name })), destinations: to },
    machines: {
      sources: [{ name: 'web-01' }],
      destinations: ['sql-01', 'card-01'].map((name) => ({ name, port: 22 })),
    },
    gone: { sources: [{ name: 'web-01' }, { name: 'gone-01' }], destinations: to },
  },
};

let proxy: Proxy;
beforeAll(async () => {
  proxy = await startProxy([], { settings: { POLICY: JSON.stringify(policy) } });
});
afterAll(() => proxy.stop());

const run = (name: string) => proxy.ask('/api/sets', { method: 'POST', body: { name } });

it.each([
  ['some', 3, [resources.web1.id, resources.twin1.id], ['10.1.2.4', '10.1.2.4'], resources.card.id],
  ['machines', 2, [resources.web1.id], [resources.sql.id], resources.card.id],
])(
  'the set %s is run without the machine that is closed to the requester, which is counted',
  async (name, total, sources, destinations, closed) => {
    const before = (await proxy.events()).length;
    const answer = await run(name);
    expect([answer.status, answer.status === 202 ? '' : answer.text]).toEqual([202, '']);
    const set = acceptedSetSchema.parse(answer.json);
    expect([set.total, set.counts.refused, set.counts.running]).toEqual([total, 1, total - 1]);
    expect([set.refused, set.checks.map(({ source }) => source)]).toEqual([[], sources]);
    expect(set.checks.map(({ destination }) => destination)).toEqual(destinations);
    expect(answer.text).not.toContain(closed.split('/').at(-1));
    const refusals = (await proxy.events()).slice(before).filter(({ action }) => action === 'refused');
    expect(refusals.map(({ target }) => [target.source, target.destination].includes(closed))).toEqual([true]);
  },
);

it('a machine of a set that is not there is a fault, by its place', async () => {
  const answer = await run('gone');
  expect(answer.status).toBe(400);
  const { details = [] } = problemAnswerSchema.parse(answer.json).error;
  expect(details.map(({ target }) => target)).toEqual(['sources[1].name']);
});
