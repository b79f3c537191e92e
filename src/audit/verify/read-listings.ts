import { type Checkpoint, hashOfCheckpoint } from '../checkpoint/checkpoint.ts';
import type { Checkpoints, Head } from '../checkpoint/checkpoints.ts';
import type { ListedEvents } from './listed-events.ts';
import { daysOf, type Period } from './period.ts';
import { firstSince, readCheckpoints } from '../checkpoint/read-checkpoints.ts';
import type { SignatureCheck } from '../checkpoint/signing-key.ts';
import { placeOfCheckpoint, trustedCheckpoint } from '../checkpoint/trusted-checkpoint.ts';
import type { FaultList } from '../checkpoint/verification.ts';

interface Deps {
  readonly checkpoints: Pick<Checkpoints, 'read'>;
  readonly signatures: SignatureCheck;
  readonly faults: FaultList;
}

/** A clock that runs ahead has an event covered before its time. */
const MARGIN_BEFORE_MILLISECONDS = 3_600_000;
const DAY_MILLISECONDS = 86_400_000;
/** They are read one by one; honest ones are few. */
const MAX_LATE = 5000;

/**
 * Takes in what checkpoints up to the head list for a period: those of its time and of the 48 hours after it in which
 * the proxy did not stand still, and of later ones those that list events of days before.
 */
export async function readListings(
  deps: Deps,
  listed: ListedEvents,
  period: Period,
  head: Head,
): Promise<{ readonly provenUntil?: string | undefined; readonly whole: boolean }> {
  const [firstDay, lastDay] = daysOf(period);
  const before = deps.faults.count();
  const isWhole = (): boolean => deps.faults.count() === before;
  const since = new Date(Date.parse(firstDay) - MARGIN_BEFORE_MILLISECONDS);
  // One more, so that it is known how long before the day's first events a checkpoint was made.
  let next = Math.max(1, (await firstSince(deps, since, head)) - 1);
  let provenUntil: string | undefined;
  for await (const checkpoint of readCheckpoints(deps, next, head)) {
    const lateBefore = listed.add(checkpoint);
    if (isWhole()) provenUntil = checkpoint.time;
    next = checkpoint.sequence + 1;
    if (lastDay !== undefined && lateBefore >= dayAfter(lastDay)) {
      for (const late of (await lateOnes(deps, next, head)).reverse()) listed.add(late);
      break;
    }
  }
  return { provenUntil, whole: isWhole() };
}

const dayAfter = (day: string): string => new Date(Date.parse(day) + DAY_MILLISECONDS).toISOString();

/** The head, and from there the checkpoints that list late events, newest first, down to a number. */
async function lateOnes(deps: Deps, first: number, head: Head): Promise<Checkpoint[]> {
  const found: Checkpoint[] = [];
  let number = head.sequence;
  for (let reads = 0; number >= first; reads++) {
    if (reads === MAX_LATE) {
      const detail =
        'More than 5,000 checkpoints list events of days before; older ones were not read. Verify offline.';
      deps.faults.add('unproven', placeOfCheckpoint(number), detail);
      break;
    }
    const text = await deps.checkpoints.read(number);
    const checkpoint = trustedCheckpoint(deps, number, text);
    if (checkpoint) found.push(checkpoint);
    if (text !== undefined && number === head.sequence && hashOfCheckpoint(text) !== head.hash)
      deps.faults.add(
        'checkpointChanged',
        placeOfCheckpoint(number),
        'It is not the checkpoint that the noted head names.',
      );
    // What cannot be trusted may have listed some, and does not say where the next are.
    number = checkpoint?.late ?? number - 1;
  }
  return found;
}
