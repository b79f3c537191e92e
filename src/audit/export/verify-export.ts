import { z } from 'zod';
import { jsonOf } from '../../contract/json-of.ts';
import { chainOf } from '../audit-log.ts';
import type { Checkpoints, Head } from '../checkpoint/checkpoints.ts';
import { type ListedEvents, listedEvents } from '../verify/listed-events.ts';
import { readCheckpoints } from '../checkpoint/read-checkpoints.ts';
import { hashedTextOf } from './hashed-text-of.ts';
import { sha256 } from '../checkpoint/sha256.ts';
import type { SignatureCheck } from '../checkpoint/signing-key.ts';
import { type FaultList, faultList, type Verification } from '../checkpoint/verification.ts';

interface Deps {
  readonly checkpoints: Pick<Checkpoints, 'read'>;
  readonly signatures: SignatureCheck;
}

export interface Export {
  /** Lines of NDJSON, as they were exported. */
  readonly lines: AsyncIterable<string>;
  /** First and last day that the export has whole, such as 2026-03-01. */
  readonly from: string;
  readonly to: string;
  /** First checkpoint at hand, and the last, as it says itself: without the proxy's own note nobody knows of later ones. */
  readonly first: number;
  readonly last: Head;
}

const lineSchema = z.object({ id: z.string(), time: z.string(), checkId: z.string().optional() });

/** Holds an export to checkpoints, without the proxy. Throws `InvalidRequest` for more than 200,000 events. */
export async function verifyExport({ checkpoints, signatures }: Deps, given: Export): Promise<Verification> {
  const faults = faultList();
  const listed = listedEvents((day) => day >= given.from && day <= given.to);
  let [provenUntil, newest]: (string | undefined)[] = [];
  for await (const checkpoint of readCheckpoints({ checkpoints, signatures, faults }, given.first, given.last)) {
    listed.add(checkpoint);
    if (newest === undefined) reportCutBegin(given, checkpoint.time, faults);
    newest = checkpoint.time;
    if (faults.count() === 0) provenUntil = checkpoint.time;
  }
  reportCutEnd(given, newest, faults);
  const { seen, unlisted } = await readLines(given.lines, listed, faults);
  reportDifferences(listed, seen, unlisted, faults, provenUntil ?? '');
  const all = faults.all();
  const proven = provenUntil === undefined ? {} : { provenUntil };
  return { valid: all.length === 0, events: seen.size, ...proven, faults: all };
}

/** Checkpoints before the first at hand can list events of the period, unless that one was made before it. */
function reportCutBegin({ first, from }: Export, time: string, faults: FaultList): void {
  if (first === 1 || time < from) return;
  faults.add('checkpointMissing', `checkpoint ${first - 1}`, 'The checkpoints at hand begin within the period.');
}

/** Those after the last can, unless it was made after the period. */
function reportCutEnd({ last, to }: Export, time: string | undefined, faults: FaultList): void {
  if (time !== undefined && time.slice(0, 10) > to.slice(0, 10)) return;
  faults.add('checkpointMissing', `checkpoint ${last.sequence + 1}`, 'The checkpoints at hand end within the period.');
}

interface Unlisted {
  readonly place: string;
  readonly chain: string;
  readonly time: string;
}

async function readLines(lines: Export['lines'], listed: ListedEvents, faults: FaultList) {
  const seen = new Set<string>();
  const unlisted: Unlisted[] = [];
  let number = 0;
  for await (const line of lines) {
    const [place, hash, event] = [`line ${++number}`, sha256(hashedTextOf(line)), destinationKey(line)];
    const known = listed.withHash(hash);
    if (seen.has(hash)) faults.add('inserted', place, 'The event is there twice.');
    else if (known) {
      seen.add(hash);
      const late = listed.whyLate(known, event.time);
      if (late !== undefined) faults.add('late', place, late);
    } else unlisted.push({ place, ...event });
  }
  return { seen, unlisted };
}

/** A line that is not listed, in the chain of an event that is missing, is that event with another text. */
function reportDifferences(
  listed: ListedEvents,
  seen: ReadonlySet<string>,
  unlisted: readonly Unlisted[],
  faults: FaultList,
  provenUntil: string,
): void {
  const missing = new Map(
    [...listed.entries()].flatMap(([key, { hash, day }]) => (seen.has(hash) ? [] : [[key, day] as const])),
  );
  for (const { place, chain, time } of unlisted) {
    const replaced = [...missing.keys()].find((key) => key.startsWith(`${chain}!`));
    if (replaced !== undefined) {
      missing.delete(replaced);
      faults.add('edited', place, 'The event is not the one that its checkpoint lists.');
    } else if (time > provenUntil)
      faults.add('unproven', place, 'The event is newer than the last checkpoint at hand.');
    else faults.add('inserted', place, 'No checkpoint lists this event.');
  }
  for (const [key, day] of missing)
    faults.add('deleted', `event ${key.replace('!', ', number ')} on ${day}`, 'The event is listed and not there.');
}

function destinationKey(line: string): { chain: string; time: string } {
  const event = lineSchema.safeParse(jsonOf(line)).data;
  return event ? { chain: chainOf(event), time: event.time } : { chain: '', time: '' };
}
