import { odata, type TableClient } from '@azure/data-tables';
import type { Pauses } from '../../check/ports/pauses.ts';
import { minuteOf } from '../../contract/time.ts';
import type { RowProofs } from '../guards/row-proofs.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { streamRows } from '../table/stream-rows.ts';
import { orUnavailable } from '../table/unavailable.ts';

const PARTITION = 'pauses';
/** Some two weeks of minutes: a process looks at a signature once. When there are too many, it begins anew. */
const MOST_KNOWN = 20_000;

/** A row for each minute that was paused: writers need not agree, and nothing has to be closed. */
export function tablePauses(table: TableClient, proofs: RowProofs): Pauses {
  const known = new Set<string>();

  /** A pause that never was would keep checks from their deadline for ever. */
  async function isOurs(minute: string, proof: unknown): Promise<boolean> {
    const row = `${minute} ${String(proof)}`;
    if (known.has(row)) return true;
    if (!(await proofs.isProven('pause', minute, proof))) return false;
    if (known.size >= MOST_KNOWN) known.clear();
    known.add(row);
    return true;
  }

  return {
    note: (now) =>
      orUnavailable('StorageUnavailable', async () => {
        const minute = minuteOf(now);
        const row = { partitionKey: PARTITION, rowKey: minute, ...(await proofs.prove('pause', minute)) };
        await createWhereMissing(
          () => table.createTable(),
          () => table.upsertEntity(row, 'Replace'),
        );
      }),

    secondsBetween: async (from, to) => {
      const filter = odata`PartitionKey eq ${PARTITION} and RowKey ge ${minuteOf(from)} and RowKey le ${minuteOf(to)}`;
      let [minutes, foreign] = [0, 0];
      for await (const row of streamRows('StorageUnavailable', table, filter, ['RowKey', 'proof'])) {
        if (await isOurs(String(row['rowKey']), row['proof'])) minutes++;
        else foreign++;
      }
      if (foreign > 0)
        proofs.warn(
          `${foreign} rows ${table.tableName}/${PARTITION} did not come from the proxy: they were passed over.`,
        );
      return minutes * 60;
    },
  };
}
