import type { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import type { IdSecret } from '../../check/ports/id-secret.ts';
import { createEntityOnce } from '../table/create-where-missing.ts';
import { getEntity } from '../table/get-entity.ts';
import { orUnavailable } from '../table/unavailable.ts';

export const secretPlace = { partitionKey: 'secrets', rowKey: 'ids' } as const;

const rowSchema = z.object({ secret: z.string().min(32) });

/** The secret in a row of the checks' table. Of instances that make it at once one wins, and the others read its row. */
export function tableIdSecret(table: TableClient, newSecret: () => string): IdSecret {
  async function read(): Promise<string | undefined> {
    const row = await getEntity(table, secretPlace.partitionKey, secretPlace.rowKey);
    return row && rowSchema.parse(row).secret;
  }

  async function make(): Promise<string | undefined> {
    await createEntityOnce(table, { ...secretPlace, secret: newSecret() });
    // Read back, because a write that was sent twice tells nobody which of them made the row.
    return read();
  }

  async function find(): Promise<string> {
    const secret = (await read()) ?? (await make());
    if (secret === undefined) throw new Error('The secret of ids was written and is not there.');
    return secret;
  }

  let known: Promise<string> | undefined;
  return async () => {
    known ??= orUnavailable('StorageUnavailable', find);
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
}
