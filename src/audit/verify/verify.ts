import { differences, type Differences, type Item } from './differences.ts';
import { faultList, type FaultList } from './fault-list.ts';
import { look, type LookDeps, type Seen } from './look.ts';
import type { Period } from './period.ts';
import type { Verification } from './verification.ts';

export interface VerifyDeps extends Omit<LookDeps, 'faults'> {
  readonly newId: () => string;
}

/**
 * Holds the log to its checkpoints: the days of the period, whole. It only reads. Throws `AuditUnavailable` and
 * `StorageUnavailable`.
 */
export async function verify(deps: VerifyDeps, period: Period): Promise<Verification> {
  const found = await differences(deps.newId(), (visitor) => look({ ...deps, faults: faultList() }, period, visitor));
  const { faults, events, pending, gaps, provenUntil, isBroken } = found.seen;
  reportDifferences(faults, found, isBroken);
  const wrong = [...found.changed, ...found.unexpected].filter(({ isCounted }) => isCounted);
  const all = faults.all();
  return { valid: all.length === 0, events: events - wrong.length, provenUntil, pending, faults: all, gaps };
}

/** Where a checkpoint is missing or changed, it may have listed what is not listed. */
function reportDifferences(faults: FaultList, found: Differences<Seen>, isBroken: boolean): void {
  for (const { place } of found.changed) faults.add('edited', place, 'It does not say what was written there.');
  for (const { place, what } of found.missing)
    faults.add('deleted', place, `The ${what} that belongs here is not there.`);
  for (const item of found.unexpected) {
    if (item.isMisplaced) faults.add('moved', item.place, 'The event in it belongs to another place.');
    else faults.add(isBroken ? 'unproven' : 'inserted', item.place, unexpected(item, isBroken));
  }
}

function unexpected({ what }: Item, isBroken: boolean): string {
  if (what !== 'event') return 'No event that is there accounts for this row.';
  if (isBroken) return 'No checkpoint that can be trusted lists this event.';
  return 'No checkpoint of its time, or of two days after, lists this event: it was added later.';
}
