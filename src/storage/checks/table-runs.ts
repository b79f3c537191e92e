import type { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import type { Runs } from '../../check/ports/runs.ts';
import { runKey, shardOf } from '../table/check-keys.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { getEntity } from '../table/get-entity.ts';
import { isLost, orUnavailable } from '../table/unavailable.ts';

/** A row for each kind of check that was ever asked for; each run takes the place of the one before. */
export function tableRuns(table: TableClient): Runs {
  const placeOf = (joinKey: string) => ({ partitionKey: shardOf(joinKey), rowKey: runKey(joinKey) });

  return {
    find: (joinKey) =>
      orUnavailable('StorageUnavailable', async () => {
        const { partitionKey, rowKey } = placeOf(joinKey);
        const entity = await getEntity(table, partitionKey, rowKey);
        if (!entity) return undefined;
        const { checkId, at } = rowSchema.parse(entity);
        return { run: { checkId, at: new Date(at) }, version: entity.etag };
      }),

    note: (joinKey, { checkId, at }, version) =>
      orUnavailable('StorageUnavailable', async () => {
        const row = { ...placeOf(joinKey), checkId, at: at.toISOString() };
        const write = () =>
          version === undefined
            ? createWhereMissing(
                () => table.createTable(),
                () => table.createEntity(row),
              )
            : table.updateEntity(row, 'Replace', { etag: version });
        return !(await isLost(write));
      }),
  };
}

// A row that somebody else wrote is a run that nobody can join, and is replaced: it is older than all that is asked.
const rowSchema = z.object({ checkId: z.uuid().catch(''), at: z.iso.datetime().catch(new Date(0).toISOString()) });
