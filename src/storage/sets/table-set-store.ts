import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import type { MemberEnd, SetPage, SetStore, StoredMember, StoredSet } from '../../set/ports/set-store.ts';
import type { CheckSet, Member } from '../../set/state/set.ts';
import { asWritten } from '../guards/as-written.ts';
import { shardOf, shardOfRequester } from '../table/check-keys.ts';
import { getEntity } from '../table/get-entity.ts';
import { readRange } from '../table/read-range.ts';
import { streamRows } from '../table/stream-rows.ts';
import { createOnce, transact } from '../table/transact.ts';
import { transactPastGone } from '../guards/transact-past-gone.ts';
import { isLost, isLostRace, orUnavailable } from '../table/unavailable.ts';
import { endOfMember, fromMemberRow, toMemberRow } from './member-rows.ts';
import { listRange, setKey, setOfKeyKey, setRange } from './set-keys.ts';
import {
  keyRowSchema,
  listRowSchema,
  markerChange,
  markerOf,
  readOwnRow,
  toKeyRow,
  toListRow,
  toOwnRow,
} from './set-rows.ts';

/** Azure Table storage: so many actions a transaction. */
const MOST_ACTIONS = 100;

/** Sets in Azure Table storage, in the partition of their requester's checks. */
export function tableSetStore(table: TableClient, newId: () => string): SetStore {
  const unlessUnavailable = <T>(work: () => Promise<T>): Promise<T> => orUnavailable('StorageUnavailable', work);
  return {
    insert: (set, members, waiting, key) =>
      unlessUnavailable(() => insert(table, { set, members, waiting, key, writeId: newId() })),
    find: (id) => unlessUnavailable(() => find(table, id)),
    idOfKey: (key) => unlessUnavailable(() => idOfKey(table, key)),
    replace: (stored, next, waiting) => unlessUnavailable(() => replace(table, stored, next, waiting, newId())),
    endMembers: (set, ends) => unlessUnavailable(() => endMembers(table, set, ends)),
    waitingOf: (requesterId, since) => unlessUnavailable(() => waitingOf(table, requesterId, since)),
    page: (requesterId, top, after) => unlessUnavailable(() => pageOf(table, requesterId, top, after)),
  };
}

async function find(table: TableClient, id: string): Promise<StoredSet | undefined> {
  const { from, to } = setRange(id);
  const filter = odata`PartitionKey eq ${shardOf(id)} and RowKey ge ${from} and RowKey lt ${to}`;
  let own: Awaited<ReturnType<typeof readOwnRow>> | undefined;
  const members: StoredMember[] = [];
  for await (const row of streamRows('StorageUnavailable', table, filter)) {
    if (row['rowKey'] === from) {
      own = await readOwnRow(row);
      continue;
    }
    const member = fromMemberRow(row);
    if (member) members.push(member);
  }
  return own && { ...own, members };
}

async function idOfKey(table: TableClient, key: string): Promise<string | undefined> {
  const row = await getEntity(table, shardOf(key), setOfKeyKey(key));
  return row && asWritten(row, () => keyRowSchema.parse(row).setId);
}

interface NewSet {
  readonly set: CheckSet;
  readonly members: readonly Member[];
  readonly waiting: number;
  readonly key: string | undefined;
  readonly writeId: string;
}

async function insert(table: TableClient, { set, members, waiting, key, writeId }: NewSet): Promise<string> {
  const rows = members.map((member): TransactionAction => ['create', toMemberRow(set.id, member)]);
  for (const some of chunksOf(rows)) await createOnce(table, [...some]);
  // Last, because with it the set is accepted.
  const own: TransactionAction[] = [
    ['create', toOwnRow(set, writeId)],
    ['create', markerOf(set)],
    ['create', toListRow(set, waiting)],
    ...(key === undefined ? [] : [['create', toKeyRow(set, key)] satisfies TransactionAction]),
  ];
  const isKept = async (): Promise<boolean> => (await getEntity(table, shardOf(set.id), setKey(set.id))) !== undefined;
  try {
    if ((await createOnce(table, own)) || (await isKept())) return set.id;
  } catch (error) {
    if (await isKept()) return set.id;
    throw error;
  }
  const first = key === undefined ? undefined : await idOfKey(table, key);
  if (first === undefined) throw new Error('A set was not written, and nothing stands in its place.');
  return first;
}

/** After an error only the row knows what was written. */
async function replace(
  table: TableClient,
  stored: StoredSet,
  next: CheckSet,
  waiting: number,
  writeId: string,
): Promise<StoredSet | undefined> {
  const actions: TransactionAction[] = [
    ['update', toOwnRow(next, writeId), 'Replace', { etag: stored.version }],
    ['upsert', toListRow(next, waiting), 'Replace'],
    ...markerChange(stored.set, next),
  ];
  const readBack = async (): Promise<string | undefined> => {
    const row = await getEntity(table, shardOf(next.id), setKey(next.id));
    return row?.['writeId'] === writeId ? row.etag : undefined;
  };
  let version: string | undefined;
  try {
    version = (await transactPastGone(table, actions)) ?? (await readBack());
  } catch (error) {
    version = await readBack();
    if (version === undefined && !isLostRace(error)) throw error;
  }
  return version === undefined ? undefined : { ...stored, set: next, version };
}

async function endMembers(table: TableClient, set: CheckSet, ends: readonly MemberEnd[]): Promise<boolean> {
  let all = true;
  for (const some of chunksOf(ends)) {
    const actions = some.map((end) => endOfMember(set.id, end));
    if (await isLost(() => transact(table, actions))) all = false;
  }
  return all;
}

async function waitingOf(table: TableClient, requesterId: string, since: Date): Promise<number> {
  const { prefix, to } = listRange(requesterId, since);
  const filter = odata`PartitionKey eq ${shardOfRequester(requesterId)} and RowKey ge ${prefix} and RowKey lt ${to} and waiting gt 0`;
  let waiting = 0;
  const columns = ['PartitionKey', 'RowKey', 'waiting'];
  for await (const row of streamRows('StorageUnavailable', table, filter, columns))
    waiting += await asWritten(row, () => listRowSchema.parse(row).waiting);
  return waiting;
}

async function pageOf(table: TableClient, requesterId: string, top: number, after = ''): Promise<SetPage> {
  const { prefix } = listRange(requesterId, new Date(0));
  const keys = { partition: shardOfRequester(requesterId), after: prefix + after, before: `${prefix}:` };
  const rows = await readRange(table, keys, top + 1);
  const next = rows.length > top ? rows[top - 1]?.rowKey.slice(prefix.length) : undefined;
  return { ids: rows.slice(0, top).map(({ rowKey }) => rowKey.slice(-36)), ...(next !== undefined && { next }) };
}

function* chunksOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += MOST_ACTIONS) yield items.slice(at, at + MOST_ACTIONS);
}
