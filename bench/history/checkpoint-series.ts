import {
  type Listing,
  hashOfCheckpoint,
  noCheckpoint,
  writeCheckpoint,
} from '../../src/audit/checkpoint/checkpoint.ts';
import { sha256 } from '../../src/audit/checkpoint/sha256.ts';
import { canonicalJson } from '../../src/contract/canonical-json.ts';
import { chainOf, type AuditEntry } from '../../src/audit/audit-log.ts';
import { blobCheckpoints } from '../../src/storage/audit/blob-checkpoints.ts';
import { tableSealState } from '../../src/storage/audit/table-seal-state.ts';
import { resourceNames } from '../../src/triggers.ts';
import { inParallel } from '../in-parallel.ts';
import type { HistoryAzure } from './history-azure.ts';

const INTERVAL_MILLISECONDS = 300_000;

/** Checkpoints as the timer would have made them: every five minutes, each of what came since the last. Answers how many. */
export function checkpointSeries(begin: Date, end: Date) {
  const count = Math.ceil((end.getTime() - begin.getTime()) / INTERVAL_MILLISECONDS);
  const lists = Array.from({ length: count }, (): Listing[] => []);
  return {
    list: ({ sequence, event }: AuditEntry): void => {
      const index = Math.floor((Date.parse(event.time) - begin.getTime()) / INTERVAL_MILLISECONDS);
      lists[index]?.push([event.time.slice(0, 10), chainOf(event), sequence, sha256(canonicalJson(event))]);
    },
    async write({ container, table, signingKey }: HistoryAzure): Promise<number> {
      let hash = noCheckpoint;
      const texts = lists.map((events, i) => {
        const time = new Date(begin.getTime() + (i + 1) * INTERVAL_MILLISECONDS).toISOString();
        const text = writeCheckpoint(signingKey, { sequence: i + 1, time, previous: hash, events, late: 0 });
        hash = hashOfCheckpoint(text);
        return text;
      });
      const checkpoints = blobCheckpoints(container(resourceNames.checkpoints));
      // The first makes the container.
      await checkpoints.create(1, texts[0] ?? '');
      await inParallel(count - 1, 8, (i) => checkpoints.create(i + 2, texts[i + 1] ?? ''));
      const state = tableSealState({
        audit: table(resourceNames.auditTable),
        checks: table(resourceNames.checksTable),
      });
      await state.note({ sequence: count, hash });
      return count;
    },
  };
}
