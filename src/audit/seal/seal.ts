import { Problem } from '../../contract/problem.ts';
import {
  hashOfCheckpoint,
  type Listing,
  noCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from '../checkpoint/checkpoint.ts';
import type { Checkpoints, Head, SealState, Unsealed } from '../checkpoint/checkpoints.ts';
import { isListable } from '../checkpoint/is-listable.ts';
import { newestLate } from '../checkpoint/newest-late.ts';
import { sha256 } from '../checkpoint/sha256.ts';
import type { SigningKey } from '../checkpoint/signing-key.ts';
import { trustedCheckpoint } from '../checkpoint/trusted-checkpoint.ts';
import { faultList } from '../checkpoint/verification.ts';

export interface SealDeps {
  readonly checkpoints: Checkpoints;
  readonly sealState: SealState;
  readonly signingKey: SigningKey;
  readonly now: () => Date;
}

const MAX_EVENTS = 5000;
/** What a run looks at and how long it goes on, for a verification waits for it; the next run goes on from there. */
const MAX_ROUNDS = 50;
const MAX_RUN_MILLISECONDS = 60_000;
const MAX_LOST_RACES = 8;
const DAY_MILLISECONDS = 86_400_000;

export interface Sealed {
  readonly checkpoints: number;
  readonly events: number;
  /** Keys of markers that name no event that there can be: these are left where they are, and nothing is listed for them. */
  readonly passedOver: ReadonlySet<string>;
}

/**
 * Covers every event that is in the log by a signed checkpoint; an idle proxy makes an empty one, so that a missing end
 * shows. Several may seal at once: one wins each number, the others look at what it left. A crash anywhere only has an
 * event covered twice. Throws the Problem `AuditUnavailable`.
 */
export async function seal(deps: SealDeps): Promise<Sealed> {
  const end = deps.now().getTime() + MAX_RUN_MILLISECONDS;
  const sealed = { checkpoints: 0, events: 0, passedOver: new Set<string>() };
  const begin = await deps.sealState.stoppedAt();
  let [after, fromBegin] = [begin, begin === undefined];
  for (let rounds = 0; rounds < MAX_ROUNDS && (rounds === 0 || deps.now().getTime() < end); rounds++) {
    const head = await catchUp(deps);
    const waiting = await deps.sealState.waiting(MAX_EVENTS, after);
    await cover(deps, head, listableOf(deps, waiting, sealed.passedOver), sealed);
    const isLast = waiting.length < MAX_EVENTS;
    // Those that did not come yet must not keep the others waiting.
    after = isLast ? undefined : waiting.at(-1)?.key;
    if (isLast && fromBegin) break;
    fromBegin ||= isLast;
  }
  if (begin ?? after) await deps.sealState.noteStop(after);
  return sealed;
}

function listableOf({ now }: SealDeps, waiting: readonly Unsealed[], passedOver: Set<string>): Unsealed[] {
  return waiting.filter((event) => {
    const listable = isListable(event, now());
    if (!listable) passedOver.add(event.key);
    return listable;
  });
}

/** Lists those of the waiting events that are in the log, unless another sealer is faster and lists them. */
async function cover(
  deps: SealDeps,
  newest: Head,
  waiting: readonly Unsealed[],
  sealed: { checkpoints: number; events: number },
): Promise<void> {
  const { listings, covered } = await list(deps, waiting);
  let [head, left, lost] = [newest, listings, 0];
  while (left.length > 0 || (lost === 0 && sealed.checkpoints === 0)) {
    const written = await write(deps, head, left);
    if (written) {
      await deps.sealState.note(written);
      sealed.checkpoints++;
      sealed.events += left.length;
      break;
    }
    if (++lost > MAX_LOST_RACES) throw new Problem('AuditUnavailable', 'Others are sealing the audit now. Ask again.');
    const first = head.sequence + 1;
    head = await catchUp(deps);
    left = await notListed(deps, left, first, head.sequence);
  }
  await deps.sealState.forget([...covered, ...neverCame(deps, waiting, covered)]);
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
  const last = await newest(checkpoints, signingKey, head);
  // The clock may have been put back; the order is the sequence's.
  const time = [now().toISOString(), last?.time ?? ''].toSorted().at(-1) ?? '';
  // Of one that cannot be trusted nobody knows what it lists: whoever follows the late ones must see that.
  const late = last ? newestLate(last) : head.sequence;
  const text = writeCheckpoint(signingKey, { sequence, time, previous: head.hash, events, late });
  return (await checkpoints.create(sequence, text)) ? { sequence, hash: hashOfCheckpoint(text) } : undefined;
}

async function newest(checkpoints: Checkpoints, signatures: SigningKey, { sequence, hash }: Head) {
  const text = sequence === 0 ? undefined : await checkpoints.read(sequence);
  if (text === undefined || hashOfCheckpoint(text) !== hash) return undefined;
  return trustedCheckpoint({ signatures, faults: faultList() }, sequence, text);
}

/** Those that no checkpoint from `first` to `last` lists. */
async function notListed({ checkpoints }: SealDeps, listings: Listing[], first: number, last: number) {
  const known = new Set<string>();
  for (let sequence = first; sequence <= last; sequence++)
    for (const listing of readCheckpoint((await checkpoints.read(sequence)) ?? '')?.events ?? [])
      known.add(placeOfListing(listing));
  return listings.filter((listing) => !known.has(placeOfListing(listing)));
}

/** A first event is written at once or never: what did not come in a day was cut off by a crash. Others are in a check's row, and will come. */
function neverCame({ now }: SealDeps, waiting: readonly Unsealed[], covered: readonly Unsealed[]): Unsealed[] {
  const present = new Set(covered);
  const dayAgo = new Date(now().getTime() - DAY_MILLISECONDS).toISOString();
  return waiting.filter((event) => !present.has(event) && event.sequence === 1 && event.time < dayAgo);
}

const placeOfListing = ([day, chain, sequence]: Listing): string => `${day}/${chain}/${sequence}`;
