import { z } from 'zod';
import { jsonOf } from '../../contract/json-of.ts';
import { subjectOf } from '../audit-log.ts';
import type { CheckpointEntry } from '../checkpoint/checkpoint.ts';
import type { Checkpoints } from '../checkpoint/checkpoints.ts';
import { sha256 } from '../../contract/sha256.ts';
import type { SignatureCheck } from '../checkpoint/signing-key.ts';
import { hashedTextOf } from '../export/hashed-text-of.ts';
import { differences, type Item, type Visitor } from './differences.ts';
import { type FaultList, faultList } from './fault-list.ts';
import { type Days, daysOf, isOfDays } from './period.ts';
import type { ChainDeps } from './read-chain.ts';
import { readListed } from './read-listed.ts';
import type { Verification } from './verification.ts';

interface Deps {
  readonly checkpoints: Pick<Checkpoints, 'read'>;
  readonly signatures: SignatureCheck;
  readonly newId: () => string;
}

export interface Export {
  /** Lines of NDJSON, as they were exported; asked for twice where something is wrong. */
  readonly lines: () => AsyncIterable<string>;
  /** First and last day that the export has whole, such as 2026-03-01. */
  readonly from: string;
  readonly to: string;
  /** First checkpoint at hand, and the last: without the proxy's own note nobody knows of later ones. */
  readonly first: number;
  readonly last: number;
}

const lineSchema = z.object({ id: z.string(), time: z.string(), action: z.string(), checkId: z.string().optional() });

/** Holds an export to checkpoints, without the proxy. */
export async function verifyExport(deps: Deps, given: Export): Promise<Verification> {
  const found = await differences(deps.newId(), async (visitor) => {
    const listed = await readCheckpoints({ ...deps, faults: faultList() }, given, visitor);
    return { ...listed, lines: await readLines(given.lines(), visitor) };
  });
  const { faults, lines, provenUntil, gaps } = found.seen;
  for (const { place } of found.changed)
    faults.add('edited', place, 'The event is not the one that its checkpoint lists.');
  for (const { place } of found.missing) faults.add('deleted', place, 'The event is listed and not there.');
  for (const { place, time = '' } of found.unexpected)
    if (time > (provenUntil ?? ''))
      faults.add('unproven', place, 'The event is newer than the last checkpoint at hand.');
    else faults.add('inserted', place, 'No checkpoint at hand lists this event, or it is there twice.');
  const events = lines - found.changed.length - found.unexpected.length;
  const all = faults.all();
  return { valid: all.length === 0, events, provenUntil, pending: 0, faults: all, gaps };
}

async function readCheckpoints(deps: ChainDeps, given: Export, { expected }: Visitor) {
  const { faults } = deps;
  const days = daysOf({ from: new Date(given.from), to: new Date(`${given.to.slice(0, 10)}T23:59:59.999Z`) });
  const { late, provenUntil, ...ends } = await readListed(deps, given, days, (entry) => {
    expected(listedItem(entry));
  });
  reportEnds(faults, given, days, ends);
  for (const { entry, why } of late.late()) if (isOfDays(days, entry[0])) faults.add('late', placeOf(entry), why);
  return { faults, provenUntil, gaps: late.gaps(days) };
}

const placeOf = ([time, subject, sequence]: CheckpointEntry): string =>
  `event ${subject}, number ${sequence}, of ${time}`;

/** A line does not say its number: what is of the same check and differs was changed. */
const listedItem = (entry: CheckpointEntry): Item => ({
  text: entry[3],
  group: entry[1],
  place: placeOf(entry),
  what: 'event',
});

/** Checkpoints before the first at hand, or after the last, can list events of the days, unless those are of another time. */
function reportEnds(
  faults: FaultList,
  { first, last }: Export,
  days: Days,
  { oldest = '', newest = '' }: { readonly oldest: string | undefined; readonly newest: string | undefined },
): void {
  if (first > 1 && oldest >= days.first)
    faults.addCheckpoint('checkpointMissing', first - 1, 'The checkpoints at hand begin within the period.');
  if (days.last !== undefined && newest.slice(0, 10) <= days.last)
    faults.addCheckpoint('checkpointMissing', last + 1, 'The checkpoints at hand end within the period.');
}

/** Answers how many there are. */
async function readLines(lines: AsyncIterable<string>, { actual }: Visitor): Promise<number> {
  const seen = new Set<string>();
  let number = 0;
  for await (const line of lines) {
    const place = `line ${++number}`;
    const hash = sha256(hashedTextOf(line));
    const event = lineSchema.safeParse(jsonOf(line)).data;
    // The second of two equal lines is one too many.
    const text = seen.has(hash) ? `${hash} ${place}` : hash;
    seen.add(hash);
    actual({ text, group: event ? subjectOf(event) : '', place, what: 'event', time: event?.time });
  }
  return number;
}
