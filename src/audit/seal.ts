import { Problem } from '../contract/problem.ts';
import { hashOfCheckpoint, type Listing, noCheckpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { Checkpoints, Head, SealState, Unsealed } from './checkpoints.ts';
import { sha256 } from './sha256.ts';
import type { SigningKey } from './signing-key.ts';

export interface SealDeps {
  readonly checkpoints: Checkpoints;
  readonly sealState: SealState;
  readonly signingKey: SigningKey;
  readonly now: () => Date;
}

const MAX_EVENTS = 5000;
/** 250,000 events; what is left is there for the next run. */
const MAX_CHECKPOINTS = 50;
const MAX_LOST_RACES = 8;
const DAY_MILLISECONDS = 86_400_000;

export interface Sealed {
  readonly checkpoints: number;
  readonly events: number;
}

/**
 * Covers every event that is in the log by a signed checkpoint; an idle proxy makes an empty one, so that a missing end
 * shows. Several may seal at once: one wins each number, the others look at what it left. A crash anywhere only has an
 * event covered twice. Throws the Problem `AuditUnavailable`.
 */
export async function seal(deps: SealDeps): Promise<Sealed> {
  let [checkpoints, events, lost] = [0, 0, 0];
  let known: ReadonlySet<string> = new Set();
  let after: Unsealed | undefined;
  while (checkpoints < MAX_CHECKPOINTS) {
    const head = await catchUp(deps);
    const waiting = await deps.sealState.waiting(MAX_EVENTS, after);
    const { listings, covered } = await list(deps, waiting);
    const isDone = listings.every((listing) => known.has(placeOfListing(listing)));
    if (isDone && (lost > 0 || checkpoints > 0)) {
      if (waiting.length < MAX_EVENTS) return { checkpoints, events };
      // Those that did not come yet must not keep the others waiting.
      await deps.sealState.forget(neverCame(deps, waiting, covered));
      after = waiting.at(-1);
      continue;
    }
    const written = await write(deps, head, listings);
    if (!written) {
      if (++lost > MAX_LOST_RACES)
        throw new Problem('AuditUnavailable', 'Others are sealing the audit now. Ask again.');
      known = await listedBy(deps, head.sequence + 1);
      continue;
    }
    [checkpoints, events, lost] = [checkpoints + 1, events + listings.length, 0];
    await deps.sealState.note(written);
    await deps.sealState.forget([...covered, ...neverCame(deps, waiting, covered)]);
    if (waiting.length < MAX_EVENTS) return { checkpoints, events };
    after = waiting.at(-1);
  }
  return { checkpoints, events };
}

/** The newest checkpoint; where a crash came between it and its note, that is made up for. */
async function catchUp({ checkpoints, sealState }: SealDeps): Promise<Head> {
  const noted = await sealState.head();
  let head = noted ?? { sequence: 0, hash: noCheckpoint };
  if (!noted) {
    const sequence = await checkpoints.highest();
    const text = sequence === 0 ? undefined : await checkpoints.read(sequence);
    if (text !== undefined) head = { sequence, hash: hashOfCheckpoint(text) };
  }
  for (;;) {
    const text = await checkpoints.read(head.sequence + 1);
    if (text === undefined) break;
    head = { sequence: head.sequence + 1, hash: hashOfCheckpoint(text) };
  }
  if (head.sequence !== (noted?.sequence ?? 0)) await sealState.note(head);
  return head;
}

async function list({ sealState }: SealDeps, waiting: readonly Unsealed[]) {
  const listings: Listing[] = [];
  const covered: Unsealed[] = [];
  for await (const { event, text } of sealState.present(waiting)) {
    listings.push([event.time.slice(0, 10), event.chain, event.sequence, sha256(text)]);
    covered.push(event);
  }
  return { listings, covered };
}

/** `undefined`: another sealer made a checkpoint of that number. */
async function write(
  { checkpoints, signingKey, now }: SealDeps,
  head: Head,
  events: Listing[],
): Promise<Head | undefined> {
  const sequence = head.sequence + 1;
  const last = head.sequence === 0 ? undefined : readCheckpoint((await checkpoints.read(head.sequence)) ?? '');
  // The clock may have been put back; the order is the sequence's.
  const time = [now().toISOString(), last?.time ?? ''].toSorted().at(-1) ?? '';
  const text = writeCheckpoint(signingKey, { sequence, time, previous: head.hash, events });
  return (await checkpoints.create(sequence, text)) ? { sequence, hash: hashOfCheckpoint(text) } : undefined;
}

async function listedBy({ checkpoints }: SealDeps, sequence: number): Promise<ReadonlySet<string>> {
  const events = readCheckpoint((await checkpoints.read(sequence)) ?? '')?.events ?? [];
  return new Set(events.map(placeOfListing));
}

/** A first event is written at once or never: what did not come in a day was cut off by a crash. Others are in a check's row, and will come. */
function neverCame({ now }: SealDeps, waiting: readonly Unsealed[], covered: readonly Unsealed[]): Unsealed[] {
  const present = new Set(covered);
  const dayAgo = new Date(now().getTime() - DAY_MILLISECONDS).toISOString();
  return waiting.filter((event) => !present.has(event) && event.sequence === 1 && event.time < dayAgo);
}

const placeOfListing = ([day, chain, sequence]: Listing): string => `${day}/${chain}/${sequence}`;
