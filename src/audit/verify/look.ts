import type { EventKey } from '../audit-log.ts';
import { type CheckpointEntry } from '../checkpoint/checkpoint.ts';
import type { Checkpoints } from '../checkpoint/checkpoints.ts';
import { type Newest, newestCheckpoint } from '../checkpoint/newest-checkpoint.ts';
import { sha256 } from '../../contract/sha256.ts';
import type { SignatureCheck } from '../checkpoint/signing-key.ts';
import { allPending } from '../seal/all-pending.ts';
import { isListable } from '../seal/is-listable.ts';
import type { SealState } from '../seal/seal-state.ts';
import type { AuditRows } from './audit-rows.ts';
import type { Item, Visitor } from './differences.ts';
import type { FaultList } from './fault-list.ts';
import { type LateEntry, ON_TIME_MILLISECONDS } from './lateness.ts';
import { type Days, daysOf, isOfDays, isOfPeriod, type Period } from './period.ts';
import { readListed } from './read-listed.ts';
import type { Gap } from './verification.ts';
import { windowOf } from './window-of.ts';

export interface LookDeps {
  readonly checkpoints: Pick<Checkpoints, 'read' | 'numbers'>;
  readonly sealState: Pick<SealState, 'head' | 'pending' | 'present'>;
  readonly auditRows: AuditRows;
  readonly signatures: SignatureCheck;
  readonly faults: FaultList;
}

/** What one look at checkpoints, markers and rows found besides the items. */
export interface Seen {
  readonly faults: FaultList;
  /** Within the period, right or wrong. */
  readonly events: number;
  readonly pending: number;
  readonly provenUntil: string | undefined;
  readonly gaps: Gap[];
  /** A checkpoint that could list an event of the days cannot be trusted. */
  readonly isBroken: boolean;
}

/**
 * Tells a visitor what should be there (what checkpoints list, what is announced and not covered yet, and the pointers
 * to each event) and what is. The order matters: markers are read before the newest checkpoint is looked up, because an
 * event is in a checkpoint before its marker goes, and rows after both, because an event that is listed was there before.
 * What the checkpoints list is fixed from then on, so they are read at the same time as the rows.
 */
export async function look(deps: LookDeps, period: Period, visitor: Visitor): Promise<Seen> {
  const days = daysOf(period);
  const announced = await announcedItems(deps, days);
  const newest = await newestCheckpoint(deps, await deps.sealState.head());
  const [listed, events] = await Promise.all([
    readCheckpoints(deps, newest, days, (item) => {
      announced.delete(item.text);
      visitor.expected(item);
    }),
    readRows(deps, period, visitor),
  ]);
  // A marker excuses nothing that 48 hours of checkpoints have passed over.
  const passedOver = Date.parse(newest.checkpoint?.time ?? '') - ON_TIME_MILLISECONDS;
  const pending = [...announced.values()].filter(({ time = '' }) => !(Date.parse(time) < passedOver));
  pending.forEach(visitor.expected);
  const provenUntil = listed.provenUntil && [listed.provenUntil, ...pending.map(({ time = '' }) => time)].toSorted()[0];
  return { ...listed, faults: deps.faults, events, pending: pending.length, provenUntil };
}

const eventItem = (place: string, time: string, hash: string) =>
  ({ text: `${place} ${hash}`, group: place, place, what: 'event', time }) as const;

/** Events whose marker stands and that are there, by text. */
async function announcedItems(deps: LookDeps, days: Days): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  for await (const pending of allPending(deps.sealState, '')) {
    const wanted = pending.filter((event) => isListable(event) && isOfDays(days, event.time));
    for await (const { event, text } of deps.sealState.present(wanted)) {
      const item = eventItem(deps.auditRows.placeOf(event), event.time, sha256(text));
      items.set(item.text, item);
    }
  }
  return items;
}

/** Tells what the checkpoints list for the days, and what is wrong with the checkpoints themselves. */
async function readCheckpoints(deps: LookDeps, newest: Newest, days: Days, expect: (item: Item) => void) {
  const { faults } = deps;
  const window = await windowOf(deps, newest, days);
  const endsAtHead = window.last === newest.head.number;
  const range = { ...window, top: endsAtHead ? newest.head : undefined };
  const { late, provenUntil } = await readListed(deps, range, days, (entry) => {
    expect(eventItem(deps.auditRows.placeOf(keyOf(entry)), entry[0], entry[3]));
  });
  const lost = late.lost(days);
  const isBroken = faults.checkpoints() > 0 || newest.lost !== undefined || lost.length > 0;
  if (endsAtHead) reportHead(faults, newest);
  for (const { number } of lost) faults.addCheckpoint('checkpointMissing', number, LOST);
  await reportLate(deps, late.late(), days);
  return { provenUntil, isBroken, gaps: late.gaps(days) };
}

const LOST = 'It was noted as the newest, and was not there, or was another than was noted.';

function reportHead(faults: FaultList, { lost, foreign }: Newest): void {
  for (const { kind, number, detail } of foreign) faults.addCheckpoint(kind, number, detail);
  // What stands at its number was told just now.
  if (lost && !foreign.some(({ number }) => number === lost.number))
    faults.addCheckpoint('checkpointMissing', lost.number, LOST);
}

/** What is late is named by the day of the event, and by the day on which it was listed: there its row is looked for, too. */
async function reportLate(deps: LookDeps, late: readonly LateEntry[], days: Days): Promise<void> {
  const concerned = late.filter(({ entry, listedAt }) => isOfDays(days, entry[0]) || isOfDays(days, listedAt));
  for (const { entry, why } of concerned) deps.faults.add('late', deps.auditRows.placeOf(keyOf(entry)), why);
  const elsewhere = new Map(
    concerned.flatMap(({ entry }) => (isOfDays(days, entry[0]) ? [] : [[deps.auditRows.placeOf(keyOf(entry)), entry]])),
  );
  const keys = [...elsewhere.values()].map(keyOf);
  for await (const { event, text } of deps.sealState.present(keys)) {
    const place = deps.auditRows.placeOf(event);
    if (elsewhere.get(place)?.[3] !== sha256(text))
      deps.faults.add('edited', place, 'It does not say what was written there.');
    elsewhere.delete(place);
  }
  for (const place of elsewhere.keys()) deps.faults.add('deleted', place, 'The event that belongs here is not there.');
}

const keyOf = ([time, subject, sequence]: CheckpointEntry): EventKey => ({ time, subject, sequence });

/** Tells what is there, and the pointers that should be; answers how many events of the period there are. */
async function readRows({ auditRows }: LookDeps, period: Period, visitor: Visitor): Promise<number> {
  const { first, last } = daysOf(period);
  let events = 0;
  for await (const rows of auditRows.between(first, last))
    for (const row of rows) {
      const { place, event } = row;
      if (event) {
        const isCounted = isOfPeriod(period, event.time);
        if (isCounted) events++;
        visitor.actual({ ...eventItem(place, event.time, sha256(event.text)), isCounted });
        for (const pointer of event.pointers) visitor.expected({ ...pointer, group: pointer.place, what: 'pointer' });
      } else visitor.actual({ ...row, group: place, what: 'row' });
    }
  return events;
}
