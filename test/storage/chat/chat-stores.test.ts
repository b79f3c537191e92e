import { TableClient } from '@azure/data-tables';
import { describe, expect, it } from 'vitest';
import { hashOfCode, type Link, linkIdOf } from '../../../src/chat/link/link.ts';
import type { ChatRequests } from '../../../src/chat/ports/chat-requests.ts';
import type { Links } from '../../../src/chat/ports/links.ts';
import type { ChatRequest } from '../../../src/chat/request.ts';
import { parseSigningKey } from '../../../src/audit/checkpoint/signing-key.ts';
import { tableChatRequests } from '../../../src/storage/chat/table-chat-requests.ts';
import { tableLinks } from '../../../src/storage/chat/table-links.ts';
import { memoryChatRequests, memoryLinks } from '../../support/memory/memory-chats.ts';
import { uuidOf } from '../../support/memory/memory-proxy.ts';
import { newSigningKey } from '../../support/new-signing-key.ts';
import { ownAccount } from '../../support/run/own-account.ts';
import { sampleCaller, sampleTime } from '../../support/samples.ts';

const key = parseSigningKey(newSigningKey())!;
let connection: string | undefined;
let tables = 0;
/** A table that nobody else uses. */
function tableOf(name: string): TableClient {
  connection ??= ownAccount();
  return TableClient.fromConnectionString(connection, `${name}${++tables}`, { allowInsecureConnection: true });
}

const account = (user: string) => ({ chat: 'slack', team: 'T1', user }) as const;
const request = (name: string, changes: Partial<ChatRequest> = {}): ChatRequest => ({
  id: uuidOf(name),
  account: account('U1'),
  asked: { kind: 'line', text: 'web-01 sql-01' },
  place: { channel: 'D1' },
  origin: { sourceAddress: '127.0.0.1', requestId: 'request-1' },
  ...{ receivedAt: sampleTime, dueAt: sampleTime, state: 'received', tries: 0 },
  ...changes,
});
const answerUrl = 'https://hooks.slack.com/commands/secret';

const later = (seconds: number): Date => new Date(Date.parse(sampleTime) + seconds * 1000);

const requestStores: readonly [string, () => ChatRequests][] = [
  ['memory', memoryChatRequests],
  ['Azure Table storage', () => tableChatRequests(tableOf('chats'), key)],
];

describe.each(requestStores)('chat requests in %s', (_, make) => {
  it('are inserted once, found, and replaced by whoever is first', async () => {
    const store = make();
    const [first, other] = [request('one'), request('one', { asked: { kind: 'line', text: 'other' } })];
    expect(await store.find(first.id)).toBeUndefined();
    expect(await store.insert({ request: first, answerUrl })).toBe(true);
    expect(await store.insert({ request: other })).toBe(false);
    const stored = await store.find(first.id);
    expect(stored).toMatchObject({ request: first, answerUrl });
    const next = await store.replace(stored!, { request: { ...first, state: 'over' } });
    expect(next?.request.state).toBe('over');
    expect(await store.replace(stored!, { request: first })).toBeUndefined();
    // Its address is gone with the write that does not name it.
    expect((await store.find(first.id))?.answerUrl).toBeUndefined();
    await store.remove(first.id);
    await store.remove(first.id);
    expect(await store.find(first.id)).toBeUndefined();
  });

  it('are claimed by one sweeper, then later and later, and not before they are overdue', async () => {
    const store = make();
    await store.insert({ request: request('one') });
    await store.insert({ request: request('two', { dueAt: later(3600).toISOString() }) });
    const claimed = async (seconds: number) => {
      const ids: string[] = [];
      for await (const { id } of store.claimOverdue(later(seconds))) ids.push(id);
      return ids;
    };
    expect(await claimed(30)).toEqual([]);
    const atOnce = await Promise.all(Array.from({ length: 4 }, () => claimed(31)));
    expect(atOnce.flat()).toEqual([uuidOf('one')]);
    expect(await claimed(31)).toEqual([]);
    expect(await claimed(120)).toEqual([uuidOf('one')]);
    expect(await claimed(180)).toEqual([]);
  });

  it('keep no address for half an hour, also where nobody comes to them but the sweeper', async () => {
    const store = make();
    const one = request('one');
    await store.insert({ request: one, answerUrl });
    const sweep = async (from: number, to: number) => {
      for (let second = from; second < to; second += 60)
        for await (const { id } of store.claimOverdue(later(second))) expect(id).toBe(one.id);
    };
    await sweep(60, 24 * 60);
    expect(await store.find(one.id)).toMatchObject({ request: one, answerUrl });
    await sweep(24 * 60, 29 * 60);
    expect(await store.find(one.id)).toMatchObject({ request: one });
    expect((await store.find(one.id))?.answerUrl).toBeUndefined();
  });
});

const link = (user: string, changes: Partial<Link> = {}): Link => ({
  id: linkIdOf(account(user)),
  account: account(user),
  name: user,
  caller: { ...sampleCaller(user), withheldRoles: ['Audit.Read'] },
  signInNames: [`${user}@contoso.example`],
  ...{ linkedAt: sampleTime, until: later(900).toISOString(), confirmedAt: sampleTime },
  lookAt: later(100).toISOString(),
  ...changes,
});

const linkStores: readonly [string, () => Links][] = [
  ['memory', memoryLinks],
  ['Azure Table storage', () => tableLinks(tableOf('chatlinks'), key)],
];

describe.each(linkStores)('links in %s', (_, make) => {
  it('are one an account, listed by requester, due by their time, and gone once', async () => {
    const store = make();
    expect(await store.list()).toEqual([]);
    await store.put(link('U1', { name: 'before' }));
    await store.put(link('U1'));
    await store.put(link('U2'));
    const found = await store.find(account('U1'));
    expect(found?.link).toEqual(link('U1'));
    expect(await store.findById(linkIdOf(account('U1')))).toEqual(found);
    expect((await store.list(sampleCaller('U2').requester.id)).map((each) => each.link.name)).toEqual(['U2']);
    expect(await store.list()).toHaveLength(2);
    expect(await store.due(later(99), 9)).toEqual([]);
    expect(await store.due(later(100), 1)).toHaveLength(1);
    expect(await store.replace(found!, link('U1', { lookAt: later(500).toISOString() }))).toBe(true);
    expect(await store.replace(found!, link('U1'))).toBe(false);
    expect(await store.remove(found!)).toBe(false);
    expect(await store.due(later(100), 9)).toHaveLength(1);
    expect(await store.remove((await store.find(account('U1')))!)).toBe(true);
    expect(await store.find(account('U1'))).toBeUndefined();
  });

  it('begin with a code: one an account, used once, found by its hash, forgotten after its time', async () => {
    const store = make();
    const open = (code: string) => ({
      codeHash: hashOfCode(code),
      ...{ account: account('U1'), place: {}, until: later(600).toISOString() },
    });
    await store.openCode(open('first'));
    await store.openCode(open('second'));
    expect(await store.findCode(hashOfCode('first'))).toBeUndefined();
    const found = await store.findCode(hashOfCode('second'));
    expect(found?.code).toEqual(open('second'));
    expect(await store.useCode(found!)).toBe(true);
    expect(await store.useCode(found!)).toBe(false);
    await store.openCode(open('third'));
    await store.forgetCodes(later(599));
    expect(await store.findCode(hashOfCode('third'))).toBeDefined();
    await store.forgetCodes(later(601));
    expect(await store.findCode(hashOfCode('third'))).toBeUndefined();
  });
});

describe('a row that somebody else wrote', () => {
  it('asks for nothing: neither a request, nor one whose address was changed', async () => {
    const table = tableOf('chats');
    const store = tableChatRequests(table, key);
    const [own, forged] = [request('one'), request('two')];
    await store.insert({ request: own, answerUrl });
    const place = await partitionOf(table, own.id);
    const entity = await table.getEntity<Record<string, string>>(place, own.id);
    const written = { partitionKey: place, rowKey: own.id, lookAt: sampleTime, sweeps: 0, proof: entity['proof'] };
    for (const changed of [
      { request: entity['request'], answerUrl: 'https://attacker.example' },
      { request: JSON.stringify({ ...own, account: account('U2') }), answerUrl },
      { request: JSON.stringify({ ...own, place: { channel: 'C9' } }), answerUrl },
      { request: 'not JSON', answerUrl },
    ]) {
      await table.upsertEntity({ ...written, ...changed }, 'Replace');
      expect(await store.find(own.id)).toBeUndefined();
    }
    const other = tableChatRequests(table, parseSigningKey(newSigningKey())!);
    await other.insert({ request: forged });
    expect(await store.find(forged.id)).toBeUndefined();
  });

  it('is removed where no key brings it back: with its address soon after it was due, else after days', async () => {
    const table = tableOf('chats');
    const one = request('one');
    const former = tableChatRequests(table, parseSigningKey(newSigningKey())!);
    await former.insert({ request: one, answerUrl });
    const store = tableChatRequests(table, key);
    const claimed = async (seconds: number) => {
      for await (const { id } of store.claimOverdue(later(seconds))) expect(id).toBeUndefined();
    };
    const bare = request('bare');
    await former.insert({ request: bare });
    await claimed(2 * 60);
    expect(await former.find(one.id)).toMatchObject({ request: one, answerUrl });
    await claimed(3 * 60);
    expect(await former.find(one.id)).toBeUndefined();
    await claimed(86_400);
    expect(await former.find(bare.id)).toMatchObject({ request: bare });
    await claimed(3 * 86_400 + 1);
    expect(await former.find(bare.id)).toBeUndefined();
  });

  it('lets nobody act for anybody', async () => {
    const table = tableOf('chatlinks');
    const store = tableLinks(table, key);
    await store.put(link('U1'));
    const entity = await table.getEntity<Record<string, string>>('link', linkIdOf(account('U1')));
    const forged = link('U1', { caller: sampleCaller('victim') });
    await table.upsertEntity(
      {
        partitionKey: 'link',
        rowKey: forged.id,
        lookAt: forged.lookAt,
        link: JSON.stringify(forged),
        proof: entity['proof'],
      },
      'Replace',
    );
    expect(await store.find(account('U1'))).toBeUndefined();
    // A good row in the place of another account.
    await table.upsertEntity(
      { partitionKey: 'link', rowKey: linkIdOf(account('U2')), link: entity['link'], proof: entity['proof'] },
      'Replace',
    );
    expect(await store.find(account('U2'))).toBeUndefined();
    expect(await store.list()).toEqual([]);
  });
});

async function partitionOf(table: TableClient, rowKey: string): Promise<string> {
  for await (const entity of table.listEntities()) if (entity.rowKey === rowKey) return entity.partitionKey ?? '';
  throw new Error('There is no such row.');
}
