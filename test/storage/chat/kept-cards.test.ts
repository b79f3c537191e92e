import { TableClient } from '@azure/data-tables';
import { describe, expect, it } from 'vitest';
import { parseSigningKey } from '../../../src/audit/checkpoint/signing-key.ts';
import { tableKeptCards } from '../../../src/storage/chat/table-kept-cards.ts';
import type { KeptCards } from '../../../src/teams/ports/kept-cards.ts';
import { memoryKeptCards } from '../../support/memory/memory-kept-cards.ts';
import { uuidOf } from '../../support/memory/memory-proxy.ts';
import { newSigningKey } from '../../support/new-signing-key.ts';
import { ownAccount } from '../../support/run/own-account.ts';

const key = parseSigningKey(newSigningKey())!;
const tableOf = (account = ownAccount()) =>
  TableClient.fromConnectionString(account, 'chats', { allowInsecureConnection: true });

const [one, other, check] = ['one', 'other', 'check'].map(uuidOf) as [string, string, string];
const until = new Date('2026-03-08T10:00:00Z');
/** As long as a card can be. */
const card = JSON.stringify({ body: 'x'.repeat(24_980) });

const stores: readonly [string, () => KeptCards][] = [
  ['memory', memoryKeptCards],
  ['Azure Table storage', () => tableKeptCards(tableOf(), key)],
];

describe.each(stores)('kept cards in %s', (_, make) => {
  it('are found as they were put last', async () => {
    const store = make();
    expect(await store.find(one)).toBeUndefined();
    await store.put(one, { user: 'alice', card: '{}' }, until);
    expect(await store.find(one)).toEqual({ user: 'alice', card: '{}' });
    const longest = { user: 'alice', card };
    await store.put(one, longest, until);
    expect(await store.find(one)).toEqual(longest);
    for (const shown of [{}, { note: 'From web-01.' }, { isWhole: true }, { note: '', isWhole: false }]) {
      const kept = { user: 'alice', check: { id: check, ...shown } };
      await store.put(one, kept, until);
      expect(await store.find(one)).toEqual(kept);
    }
    expect(await store.find(other)).toBeUndefined();
  });

  it('are forgotten when their time is over, and no sooner', async () => {
    const store = make();
    await store.put(one, { user: 'alice', card }, until);
    await store.put(other, { user: 'bob', card }, new Date(until.getTime() + 1000));
    await store.forget(until);
    expect(await store.find(one)).toBeDefined();
    await store.forget(new Date(until.getTime() + 1));
    expect([await store.find(one), await store.find(other)]).toEqual([undefined, { user: 'bob', card }]);
  });
});

describe('a row that this app did not write', () => {
  it('is no card', async () => {
    const table = tableOf();
    const store = tableKeptCards(table, key);
    const kept = { user: 'alice', check: { id: check, note: 'From web-01.', isWhole: false } };
    await store.put(one, kept, until);
    const row = await table.getEntity('card', one);
    const changes = [
      { user: 'mallory' },
      { card: '{"evil":true}' },
      { checkId: other },
      { note: 'From db-01.' },
      { isWhole: true },
      { proof: 'x' },
      { rowKey: other },
    ];
    for (const changed of changes) {
      await table.upsertEntity({ ...row, partitionKey: 'card', rowKey: one, ...changed }, 'Replace');
      expect(await store.find(changed.rowKey ?? one)).toBeUndefined();
    }
    await table.upsertEntity({ ...row, partitionKey: 'card', rowKey: one }, 'Replace');
    expect(await store.find(one)).toEqual(kept);
  });
});
