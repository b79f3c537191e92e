import type { TableClient, TableEntity } from '@azure/data-tables';
import { type Check, checkSchema } from '../../check/state/check.ts';
import { Problem } from '../../contract/problem.ts';
import { checkKey, shardOf } from '../table/check-keys.ts';
import { getEntity } from '../table/get-entity.ts';
import { fromTextProperties, toTextProperties } from '../table/text-properties.ts';

/** A row as it was read. `writeId` tells which write made it. */
export interface CheckRow {
  readonly check: Check;
  readonly version: string;
  readonly writeId: unknown;
}

/** An entity may have 1 MiB, and a character takes two bytes. */
const MAX_CHARACTERS = 480 * 1024;

/** Plain columns are for people and queries; the check itself is the JSON in `check`. */
export function toCheckRow(check: Check, writeId: string): TableEntity {
  const { id, status, dueAt } = check;
  const json = JSON.stringify(check);
  if (json.length > MAX_CHARACTERS)
    throw new Problem('ResultTooLarge', 'The verdict on this check is too large to keep.');
  return {
    partitionKey: shardOf(id),
    rowKey: checkKey(id),
    status,
    dueAt,
    writeId,
    ...toTextProperties('check', json),
  };
}

export async function readCheckRow(table: TableClient, id: string): Promise<CheckRow | undefined> {
  const entity = await getEntity(table, shardOf(id), checkKey(id));
  if (!entity) return undefined;
  const check = checkSchema.parse(JSON.parse(fromTextProperties('check', entity)));
  return { check, version: entity.etag, writeId: entity['writeId'] };
}
