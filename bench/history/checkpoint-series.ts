import { subjectOf, type AuditEntry } from '../../src/audit/audit-log.ts';
import { type CheckpointEntry, headOf, noCheckpoint, writeCheckpoint } from '../../src/audit/checkpoint/checkpoint.ts';
import { sha256 } from '../../src/contract/sha256.ts';
import { canonicalJson } from '../../src/contract/canonical-json.ts';
import { blobCheckpoints } from '../../src/storage/audit/blob-checkpoints.ts';
import { tableSealState } from '../../src/storage/audit/table-seal-state.ts';
import { resourceNames } from '../../src/triggers.ts';
import { inParallel } from '../in-parallel.ts';
import type { HistoryAzure } from './history-azure.ts';

const INTERVAL_MILLISECONDS = 300_000;

/** Checkpoints as the timer would have made them: every five minutes, each of what came since the last. Answers how many. */
export function checkpointSeries(begin: Date, end: Date) {
  const count = Math.ceil((end.getTime() - begin.getTime()) / INTERVAL_MILLISECONDS);
  const lists = Array.from({ length: count }, (): CheckpointEntry[] => []);
  return {
    list: ({ sequence, event }: AuditEntry): void => {
      const index = Math.floor((Date.parse(event.time) - begin.getTime()) / INTERVAL_MILLISECONDS);
      lists[index]?.push([event.time, subjectOf(event), sequence, sha256(canonicalJson(event))]);
    },
    async write({ container, table, signingKey }: HistoryAzure): Promise<number> {
      let head = noCheckpoint;
      const texts: string[] = [];
      for (const [i, events] of lists.entries()) {
        const time = new Date(begin.getTime() + (i + 1) * INTERVAL_MILLISECONDS).toISOString();
        const text = await writeCheckpoint(signingKey, { number: i + 1, time, previous: head, events });
        head = headOf(i + 1, text);
        texts.push(text);
      }
      const checkpoints = blobCheckpoints(container(resourceNames.checkpoints));
      // The first makes the container.
      await checkpoints.create(1, texts[0] ?? '');
      await inParallel(count - 1, 8, (i) => checkpoints.create(i + 2, texts[i + 1] ?? ''));
      const state = tableSealState({
        audit: table(resourceNames.auditTable),
        checks: table(resourceNames.checksTable),
      });
      await state.note(head, undefined);
      return count;
    },
  };
}
