import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import type { OverdueChecks } from '../../check/ports/overdue-checks.ts';
import { secondsAfter } from '../../contract/time.ts';
import { overdueBefore } from '../../check/overdue.ts';
import { nextSweepDue } from '../../check/sweep.ts';
import { checkMarkers, type Markers, shards } from '../table/check-keys.ts';
import { getEntity } from '../table/get-entity.ts';
import { streamRows } from '../table/stream-rows.ts';
import { isLost, orUnavailable } from '../table/unavailable.ts';

const markerSchema = z.object({
  rowKey: z.string(),
  etag: z.string(),
  dueAt: z.string().catch(''),
  /** A number that is none is counted anew: taking the marker writes it as it should be. */
  sweeps: z.int().min(0).catch(0),
  /** When the check was due, where a sweeper has put `dueAt` off since. */
  overdueSince: z.string().optional().catch(undefined),
});
type Marker = z.infer<typeof markerSchema>;

/** A marker and its check are one write; after that long nothing is under way that could bring the check. */
const STRAY_SECONDS = 3600;

/** Open checks, or what else has such markers, a stream a shard, so that rows are never scanned. */
export function tableOverdueChecks(table: TableClient, of: Markers = checkMarkers): OverdueChecks {
  /** The marker's version decides which of several sweepers wakes the check; a step that moves it rewrites the marker. */
  async function take(shard: string, marker: Marker, now: Date): Promise<boolean> {
    const dueAt = nextSweepDue(now, marker.sweeps).toISOString();
    const overdueSince = marker.overdueSince ?? marker.dueAt;
    const next = { partitionKey: shard, rowKey: marker.rowKey, dueAt, sweeps: marker.sweeps + 1, overdueSince };
    return !(await isLost(() => table.updateEntity(next, 'Replace', { etag: marker.etag })));
  }

  /** Whether a marker that was woken before, and has been due for long, is about nothing; then it is gone. */
  async function removeStray(shard: string, marker: Marker, id: string, now: Date): Promise<boolean> {
    const { rowKey, etag, overdueSince } = marker;
    if (overdueSince === undefined || overdueSince > secondsAfter(now, -STRAY_SECONDS).toISOString()) return false;
    if (await getEntity(table, shard, of.aboutKey(id))) return false;
    return !(await isLost(() => table.deleteEntity(shard, rowKey, { etag })));
  }

  async function* claimIn(shard: string, now: Date, tellStray: (id: string) => void): AsyncGenerator<string> {
    for await (const marker of markers(table, of, shard, overdueBefore(now).toISOString())) {
      const id = of.idOf(marker.rowKey);
      if (id === undefined) continue;
      if (await orUnavailable('StorageUnavailable', () => removeStray(shard, marker, id, now))) tellStray(id);
      else if (await orUnavailable('StorageUnavailable', () => take(shard, marker, now))) yield id;
    }
  }

  return { claim: (now, tellStray = () => undefined) => shards.map((shard) => claimIn(shard, now, tellStray)) };
}

async function* markers(
  table: TableClient,
  { from, to }: Markers,
  shard: string,
  dueBefore: string,
): AsyncGenerator<Marker> {
  const filter = odata`PartitionKey eq ${shard} and RowKey ge ${from} and RowKey lt ${to} and dueAt lt ${dueBefore}`;
  for await (const row of streamRows('StorageUnavailable', table, filter)) yield markerSchema.parse(row);
}
