import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckView } from '../../src/contract/check.ts';
import { resourceNames } from '../../src/triggers.ts';
import { allowAll, goodCheck, idOf, type Proxy, startProxy } from './start-proxy.ts';

// Whoever may write the table `checks`, and not read it, learns nothing by it of a check that policy hides.

const secretPlace = '10.1.4.3';
const noSecrets = {
  ...{ id: 'no-secrets', effect: 'deny', destinations: [`${secretPlace}/32`] },
  except: { roles: ['Audit.Read'] },
};
const secret = { ...goodCheck, destination: { address: secretPlace, port: 3389 } };
const auditor = { roles: ['Check.Request', 'Audit.Read'] };

let proxy: Proxy;
let hidden: CheckView;
let own: CheckView;
beforeAll(async () => {
  proxy = await startProxy([allowAll, noSecrets]);
  hidden = await proxy.ended(idOf(await proxy.submit(secret, auditor)), auditor);
  own = await proxy.ended(idOf(await proxy.submit(goodCheck, { user: 'mallory' })), { user: 'mallory' });
  await forge();
});
afterAll(() => proxy.stop());

/** Rows that have the hidden check for one of the caller's flow, a success before it and a failure after, shared with all. */
async function forge(): Promise<void> {
  const table = TableClient.fromConnectionString(proxy.azure.connectionString, resourceNames.checksTable, {
    allowInsecureConnection: true,
  });
  const end = Date.parse(own.finishedAt ?? '');
  const sharedWith = { until: new Date(end + 86_400_000).toISOString() };
  const write = (
    partitionKey: string,
    start: string,
    key: number,
    ended: { request: object; at: string; reachability: string },
  ) =>
    table.upsertEntity({
      ...{
        partitionKey,
        rowKey: `${start}!${String(key).padStart(13, '0')}!${hidden.id}`,
        reachability: ended.reachability,
      },
      ended: JSON.stringify({ ...ended, id: hidden.id, requesterId: 'x', hasResult: false, sharedWith }),
    });
  let forged = 0;
  for await (const { partitionKey = '', rowKey = '', ended } of table.listEntities()) {
    const [kind, question = ''] = rowKey.split('!');
    if (typeof ended !== 'string' || !rowKey.includes(own.id)) continue;
    const { request } = JSON.parse(ended) as { request: object };
    const [before, after] = [end - 1000, end + 1000].map((time) => new Date(time));
    if (!before || !after) continue;
    const success = { request, at: before.toISOString(), reachability: 'Reachable' };
    await write(partitionKey, `${kind ?? ''}!${question}`, 9_999_999_999_999 - before.getTime(), success);
    const failure = { request, at: after.toISOString(), reachability: 'Unreachable' };
    await write(partitionKey, `flowBad!${question}`, after.getTime(), failure);
    forged += 1;
  }
  expect(forged).toBeGreaterThan(1);
}

describe('a forged row of the index of flows', () => {
  it.each(['lastGood', 'previous'])(
    'brings nothing of the check that it names into a comparison with %s',
    async (which) => {
      const answer = await proxy.ask(`/api/checks/${own.id}/comparison?with=${which}`, { user: 'mallory' });
      expect(answer).toMatchObject({ status: 200, json: { changed: false, changes: [] } });
      expect(answer.text).not.toContain(secretPlace);
      expect(answer.text).not.toContain(hidden.id);
    },
  );

  it('brings nothing of it into the changes of a flow', async () => {
    const query = new URLSearchParams({
      source: goodCheck.source.resourceId,
      destination: goodCheck.destination.address,
    });
    const answer = await proxy.ask(`/api/flows?${query.toString()}`, { user: 'mallory' });
    expect(answer).toMatchObject({ status: 200, json: { changes: [] } });
    expect(answer.text).not.toContain(secretPlace);
  });

  it('makes it readable to nobody', async () => {
    for (const path of ['', '/result', '/comparison'])
      expect((await proxy.ask(`/api/checks/${hidden.id}${path}`, { user: 'mallory' })).status).toBe(404);
  });
});
