import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { idOf, type Proxy, startProxy } from '../security/start-proxy.ts';
import { netcheck, newHome } from './netcheck.ts';

const { web1, sql, twin1, twin2 } = resources;
/** Whatever is tested to, nothing but `web-01` is tested from. */
const rules = [{ id: 'from web', effect: 'allow', sources: [web1.id] }];

let proxy: Proxy;
let ids: Record<'sql' | 'db', string>;
let env: Record<string, string>;

beforeAll(async () => {
  proxy = await startProxy(rules);
  const submit = async (destination: object) => {
    const source = { name: 'web-01' };
    const id = idOf(await proxy.submit({ source, destination: { ...destination, port: 1433 }, protocol: 'Tcp' }));
    await proxy.ended(id);
    return id;
  };
  ids = { sql: await submit({ name: 'sql-01' }), db: await submit({ address: 'db' }) };
  const token = await proxy.azure.token('alice', ['Check.Request']);
  env = { ...(await newHome()).env, NETCHECK_TOKEN: token };
});
afterAll(() => proxy.stop());

async function flow(...words: string[]) {
  const { code, stdout } = await netcheck(['flow', ...words, '--json'], {
    env: { ...env, NETCHECK_URL: proxy.app().url },
  });
  return { code, document: JSON.parse(stdout) as object };
}

describe('netcheck flow', () => {
  it('takes the name of a machine that can only be tested to', async () => {
    for (const words of [
      ['web-01', 'sql-01'],
      ['WEB-01', 'SQL-01:1433', 'tcp'],
    ]) {
      const { code, document } = await flow(...words);
      expect([code, document]).toMatchObject([0, { source: web1.id, destination: sql.id, newest: [{ id: ids.sql }] }]);
    }
  });

  it('takes a word that is no machine’s for a host', async () => {
    const { code, document } = await flow('web-01', 'db');
    expect([code, document]).toMatchObject([0, { destination: 'db', newest: [{ id: ids.db }] }]);
  });

  it.each([
    ['twin-01', [twin1.id, twin2.id], ['AmbiguousName', 'AmbiguousName']],
    // No host is called so.
    ['vm(1)', ['No endpoint and no machine of this name'], ['UnknownName']],
    ['1433', ['No endpoint and no machine of this name', 'the parameter port'], ['UnknownName']],
  ])('refuses %s as a destination, by that name', async (word, parts, codes) => {
    const { code, document } = await flow('web-01', word);
    expect([code, document]).toMatchObject([
      2,
      { error: { code: 'InvalidRequest', details: codes.map((each) => ({ code: each, target: 'destination' })) } },
    ]);
    for (const part of parts) expect(JSON.stringify(document)).toContain(part);
  });

  it('refuses a source that cannot be tested from, and says what is nearly so called', async () => {
    expect(await flow('sql-01', 'web-01')).toMatchObject({
      ...{ code: 2, document: { error: { details: [{ code: 'UnknownName', target: 'source' }] } } },
    });
    const { code, document } = await flow('web-1', 'db');
    expect([code, document]).toMatchObject([
      2,
      { error: { message: expect.stringContaining('Did you mean "web-01"?'), details: [{ target: 'source' }] } },
    ]);
  });
});

describe('netcheck flow, while the list of machines cannot be read,', () => {
  let paused: Proxy;
  beforeAll(async () => {
    paused = await startProxy(rules, { settings: { PAUSED: 'true' } });
  });
  afterAll(() => paused.stop());

  it('takes no word for a host that could be a machine’s', async () => {
    const token = await paused.azure.token('alice', ['Check.Request']);
    const how = { env: { ...env, NETCHECK_URL: paused.app().url, NETCHECK_TOKEN: token } };
    const ended = async (destination: string) => {
      const { code, stdout } = await netcheck(['flow', web1.id, destination, '--json'], how);
      return [code, JSON.parse(stdout) as object];
    };
    expect(await ended('sql-01')).toMatchObject([2, { error: { details: [{ code: 'UnreadNames' }] } }]);
    for (const host of ['db.example.com', '10.1.2.4'])
      expect(await ended(host)).toMatchObject([0, { destination: host, newest: [] }]);
  });
});
