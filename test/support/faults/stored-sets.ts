import { TableClient } from '@azure/data-tables';
import type { StoredMember, StoredSet } from '../../../src/set/ports/set-store.ts';
import { fromMemberRow } from '../../../src/storage/sets/member-rows.ts';
import { setKey, setRange } from '../../../src/storage/sets/set-keys.ts';
import { readOwnRow } from '../../../src/storage/sets/set-rows.ts';
import { setMarkers } from '../../../src/storage/table/check-keys.ts';
import { resourceNames } from '../../../src/triggers.ts';

/** All that storage holds of sets. */
export interface StoredSets {
  /** Those that were accepted, by id. */
  readonly sets: ReadonlyMap<string, StoredSet>;
  /** Ids of sets whose marker stands. */
  readonly open: readonly string[];
}

/** Reads everything, through a client of its own. */
export async function storedSets(connectionString: string): Promise<StoredSets> {
  const options = { allowInsecureConnection: true };
  const client = TableClient.fromConnectionString(connectionString, resourceNames.checksTable, options);
  const own = new Map<string, Awaited<ReturnType<typeof readOwnRow>>>();
  const members = new Map<string, StoredMember[]>();
  const open: string[] = [];
  for await (const row of client.listEntities()) {
    const { rowKey = '' } = row;
    const marked = setMarkers.idOf(rowKey);
    if (marked !== undefined) open.push(marked);
    const id = idIn(rowKey);
    if (id === undefined) continue;
    if (rowKey === setKey(id)) {
      own.set(id, await readOwnRow(row));
      continue;
    }
    const member = fromMemberRow(row);
    if (!member) throw new Error(`A member's row is none: ${rowKey}`);
    members.set(id, [...(members.get(id) ?? []), member]);
  }
  return {
    sets: new Map([...own].map(([id, row]) => [id, { ...row, members: members.get(id) ?? [] }])),
    open,
  };
}

function idIn(rowKey: string): string | undefined {
  const [, id] = rowKey.split('!');
  return id !== undefined && rowKey.startsWith(setRange(id).from) ? id : undefined;
}
