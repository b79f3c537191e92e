import { describe, expect, it } from 'vitest';
import { joinKeyOf } from '../../src/check/join/join-key.ts';
import type { Stored } from '../../src/check/ports/check-store.ts';
import type { WaitingCheck } from '../../src/check/state/check.ts';
import { poisonMessage } from '../../src/jobs/poison-message.ts';
import { work } from '../../src/jobs/work.ts';
import { azuriteApp } from '../http/azurite-app.ts';
import { sampleBody } from '../http/memory-app.ts';
import { linesOf } from '../support/log-lines.ts';
import { policyOf } from '../support/memory/memory-proxy.ts';
import { webVm } from '../support/samples.ts';

// Whoever may write the table `checks` closes with a row that says nothing no more than what that row is about.

const team = '10000000-0000-4000-8000-00000000000a';
const shared = { id: 'all', effect: 'allow', visibleTo: [team] };
const flow = `/api/flows?source=${encodeURIComponent(webVm)}&destination=10.1.2.4`;

/** Puts columns in place of what stands in rows of the table `checks` whose key begins so; answers their names. */
async function garble({ tables }: ReturnType<typeof azuriteApp>, prefix: string, columns: object): Promise<string[]> {
  const names: string[] = [];
  for await (const { partitionKey = '', rowKey = '' } of tables.checks.listEntities()) {
    if (!rowKey.startsWith(prefix)) continue;
    await tables.checks.upsertEntity({ partitionKey, rowKey, ...columns }, 'Replace');
    names.push(`checks/${partitionKey}/${rowKey}`);
  }
  expect(names).not.toEqual([]);
  return names;
}

const refusal = (row: string) => `The row ${row} is not as it was written: it must be deleted.`;
const idsOf = ({ text }: { readonly text: string }): string[] =>
  (JSON.parse(text) as { value: { id: string }[] }).value.map(({ id }) => id);

const garbled = [
  { check: '{', set: '{', ended: '{', body: Buffer.from('x') },
  { check: '{}', set: '{}', ended: '{}', body: 'x' },
];

describe.each(garbled)('a row that was garbled to %j', (columns) => {
  it('of a set closes no list, and whoever asks for that set is told which row it is', async () => {
    const app = azuriteApp();
    const ask = { source: { resourceId: webVm }, destinations: [{ address: '10.1.2.4', port: 443 }], protocol: 'Tcp' };
    const { source, ...rest } = ask;
    const create = async (): Promise<string> =>
      (await app.ask('POST /api/sets', { body: { sources: [source], ...rest } })).json.id;
    const [bad, good] = [await create(), await create()];
    const [row = ''] = await garble(app, `set!${bad}!`, columns);
    const listed = await app.ask('GET /api/sets');
    expect([listed.status, idsOf(listed)]).toEqual([200, [good]]);
    expect(app.passedOver).toEqual([refusal(row)]);
    for (const call of ['GET', 'DELETE']) {
      const { status, json } = await app.ask(`${call} /api/sets/${bad}`);
      expect([status, json.error.code, json.error.message]).toEqual([500, 'InternalError', refusal(row)]);
    }
    const { context, lines } = linesOf();
    await work(app.deps)({ setId: bad }, context);
    expect(lines).toMatchObject([{ level: 'error', message: refusal(row), setId: bad }]);
  });

  it('of a check closes neither its team’s list nor its flow, and whoever asks for it is told which row it is', async () => {
    const app = azuriteApp({}, { policy: policyOf([shared]) });
    const submit = async (): Promise<string> => (await app.submit()).json.id;
    const [bad, good] = [await submit(), await submit()];
    await app.drain();
    const colleague = { user: 'bob', groups: [team] };
    const [row = ''] = await garble(app, `check!${bad}`, columns);
    const visible = await app.ask('GET /api/checks?scope=visible', colleague);
    expect([visible.status, idsOf(visible)]).toEqual([200, [good]]);
    expect(app.passedOver).toContain(refusal(row));
    for (const call of ['GET', 'DELETE']) {
      const { status, json } = await app.ask(`${call} /api/checks/${bad}`);
      expect([status, json.error.code, json.error.message]).toEqual([500, 'InternalError', refusal(row)]);
    }
    expect(await app.ask(`GET /api/checks/${good}/comparison?with=previous`)).toMatchObject({ status: 200 });
    expect((await app.ask(`GET ${flow}`, colleague)).status).toBe(200);
  });

  it('of a check that is under way costs one error a message, and keeps no equal check from its end', async () => {
    const app = azuriteApp();
    const [bad, good] = [(await app.submit()).json.id, (await app.submit({ user: 'bob' })).json.id];
    app.queue.sent.length = 0;
    const joinKey = joinKeyOf(((await app.deps.store.find(bad)) as Stored<WaitingCheck>).check)!;
    await app.deps.runs.note(joinKey, { checkId: bad, at: app.now() }, undefined);
    const [row = ''] = await garble(app, `check!${bad}`, columns);
    for (const handle of [work(app.deps), poisonMessage(app.deps)]) {
      const { context, lines } = linesOf();
      await handle({ checkId: bad }, context);
      expect(lines).toMatchObject([{ level: 'error', message: refusal(row), checkId: bad }]);
    }
    expect(app.queue.sent).toEqual([]);
    await work(app.deps)({ checkId: good }, linesOf().context);
    expect((await app.ask(`GET /api/checks/${good}`, { user: 'bob' })).json.status).toBe('Succeeded');
  });

  it.each(['flow!', 'flowGood!', 'flowPort!', 'answer!'])('with a key from %s on closes no flow', async (prefix) => {
    const app = azuriteApp();
    for (const body of [sampleBody, { ...sampleBody, destination: { address: '10.1.2.4', port: 22 } }])
      await app.submit({ body });
    await app.drain();
    const names = await garble(app, prefix, columns);
    for (const user of ['alice', 'bob']) {
      const told = await app.ask(`GET ${flow}`, { user });
      expect(told.status).toBe(200);
    }
    expect(app.passedOver.toSorted()[0]).toBe(refusal(names.toSorted()[0] ?? ''));
  });

  it('of Azure’s answer is told to whoever reads the check', async () => {
    const app = azuriteApp();
    const { id } = (await app.submit()).json;
    await app.drain();
    const [row = ''] = await garble(app, `answer!${id}`, columns);
    for (const path of ['', '/result']) {
      const { status, json } = await app.ask(`GET /api/checks/${id}${path}`);
      expect([status, json.error.message]).toEqual([500, refusal(row)]);
    }
  });
});
