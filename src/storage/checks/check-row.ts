import type { TableClient, TableEntity } from '@azure/data-tables';
import { isSigned } from '../../audit/checkpoint/signed-text.ts';
import type { SigningKey } from '../../audit/checkpoint/signing-key.ts';
import { type Check, checkSchema } from '../../check/state/check.ts';
import { Problem } from '../../contract/problem.ts';
import { sha256 } from '../../contract/sha256.ts';
import { asWritten } from '../guards/as-written.ts';
import { checkKey, shardOf } from '../table/check-keys.ts';
import { getEntity } from '../table/get-entity.ts';
import { fromTextProperties, toTextProperties } from '../table/text-properties.ts';

/** A row as it was read. `writeId` tells which write made it. */
export interface CheckRow {
  readonly check: Check;
  readonly version: string;
  readonly writeId: unknown;
  /** What the row has as the app's signature, and what that is to be of. */
  readonly signature: unknown;
  readonly signed: string;
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

/** The same with the app's signature, where there is a key. */
export async function toSignedRow(check: Check, writeId: string, key?: SigningKey): Promise<TableEntity> {
  const row = toCheckRow(check, writeId);
  if (!key) return row;
  return { ...row, signature: await key.sign(signedText(check.id, fromTextProperties('check', row))) };
}

/** The row as a whole, and whose it is: no row is taken for another check's. */
const signedText = (id: string, json: string): string => `check ${id} ${sha256(json)}`;

export const isSignedRow = async (key: SigningKey, { signature, signed }: CheckRow): Promise<boolean> =>
  typeof signature === 'string' && isSigned(key, signature, signed);

export async function readCheckRow(table: TableClient, id: string): Promise<CheckRow | undefined> {
  const entity = await getEntity(table, shardOf(id), checkKey(id));
  if (!entity) return undefined;
  const json = fromTextProperties('check', entity);
  const check = await asWritten(entity, () => checkSchema.parse(JSON.parse(json)));
  const { etag: version, writeId, signature } = entity;
  return { check, version, writeId, signature, signed: signedText(id, json) };
}
