import { Problem } from '../../contract/problem.ts';
import { type CheckpointEntry, headOf, writeCheckpoint } from '../checkpoint/checkpoint.ts';
import type { Checkpoints } from '../checkpoint/checkpoints.ts';
import { type Newest, newestCheckpoint } from '../checkpoint/newest-checkpoint.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { sha256 } from '../../contract/sha256.ts';
import type { SigningKey } from '../checkpoint/signing-key.ts';
import { allPending } from './all-pending.ts';
import { isListable } from './is-listable.ts';
import { DAY_MILLISECONDS } from '../../contract/time.ts';
import type { NotedHead, Pending, SealState } from './seal-state.ts';

export interface SealDeps {
  readonly checkpoints: Checkpoints;
  readonly sealState: SealState;
  readonly signingKey: SigningKey;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** The next run goes on from there. */
const MAX_RUN_MILLISECONDS = 60_000;
const MAX_LOST_RACES = 8;

export interface Sealed {
  readonly checkpoints: number;
  /** That the checkpoints of this run cover. */
  readonly events: number;
  /** That are announced and did not come yet: each is covered by the first checkpoint after it comes. */
  readonly pending: number;
  /** For the log: what was not as the proxy had written it, and was passed over. */
  readonly warnings: readonly string[];
}

interface Tally {
  checkpoints: number;
  events: number;
  pending: number;
  readonly warnings: Set<string>;
}

/**
 * Covers every event that is in the log by a signed checkpoint; an idle proxy makes an empty one, so that a missing end
 * shows. Several may seal at once: one wins each number, the others look at what it left. A crash anywhere only has an
 * event listed twice. Throws the Problem `AuditUnavailable`.
 * docs/decisions.md#what-is-to-be-sealed-is-announced
 */
export async function seal(deps: SealDeps): Promise<Sealed> {
  const end = deps.now().getTime() + MAX_RUN_MILLISECONDS;
  const tally: Tally = { checkpoints: 0, events: 0, pending: 0, warnings: new Set() };
  for await (const pending of allPending(deps.sealState, deps.newId())) {
    await cover(deps, pending, tally);
    if (deps.now().getTime() >= end) break;
  }
  if (tally.checkpoints === 0) await cover(deps, [], tally);
  return { ...tally, warnings: [...tally.warnings] };
}

/** Lists those of the pending events that are in the log, and takes their markers away. */
async function cover(deps: SealDeps, pending: readonly Pending[], tally: Tally): Promise<void> {
  const wellFormed = pending.filter(isListable);
  if (wellFormed.length < pending.length)
    tally.warnings.add(
      `Markers name no event that there can be, such as ${pending.find((each) => !isListable(each))?.key ?? ''}.`,
    );
  const present = new Map<Pending, CheckpointEntry>();
  for await (const { event, text } of deps.sealState.present(wellFormed))
    present.set(event, [event.time, event.subject, event.sequence, sha256(text)]);
  if (present.size > 0 || (pending.length === 0 && tally.checkpoints === 0))
    await list(deps, [...present.values()], tally);
  const absent = wellFormed.filter((event) => !present.has(event));
  const lost = absent.filter((event) => neverComes(event, deps.now()));
  const [first] = lost;
  if (first)
    tally.warnings.add(
      `Events were announced over a day ago and are not in the log, such as ${first.key}: a crash cut them off, or they were taken away.`,
    );
  tally.pending += absent.length - lost.length;
  await deps.sealState.forget([...present.keys(), ...lost]);
}

/** A first event is written at once or never: what did not come in a day was cut off by a crash. Others are in a check's row, and will come. */
const neverComes = ({ sequence, time }: Pending, now: Date): boolean =>
  sequence === 1 && Math.abs(now.getTime() - Date.parse(time)) > DAY_MILLISECONDS;

/** Makes a checkpoint of the entries, unless another instance is faster and lists them. */
async function list(deps: SealDeps, entries: CheckpointEntry[], tally: Tally): Promise<void> {
  let left = entries;
  for (let tries = 0; tries < MAX_LOST_RACES; tries++) {
    const noted = await deps.sealState.head();
    const newest = await newestCheckpoint({ ...deps, signatures: deps.signingKey }, noted);
    warn(newest, tally.warnings);
    if (left.length > 0) {
      const known = await listedLately(deps, newest);
      left = left.filter((entry) => !known.has(String(entry)));
      if (left.length === 0) return;
    }
    if (await write(deps, newest, noted, left)) {
      tally.checkpoints++;
      tally.events += left.length;
      return;
    }
  }
  throw new Problem('AuditUnavailable', 'Others are sealing the audit now. Ask again.', { retryAfterSeconds: 1 });
}

/** What the newest checkpoints list: instances that seal at the same moment make no more than that. */
async function listedLately({ checkpoints, signingKey }: SealDeps, newest: Newest): Promise<Set<string>> {
  const known = new Set<string>();
  let found = newest.checkpoint;
  for (let count = 0; found && count < MAX_LOST_RACES; count++) {
    for (const entry of found.events) known.add(String(entry));
    const { number } = found.previous;
    const before = await openCheckpoint(signingKey, number, await checkpoints.read(number));
    found = 'checkpoint' in before ? before.checkpoint : undefined;
  }
  return known;
}

/** `false`: another instance made a checkpoint of that number. */
async function write(
  { checkpoints, sealState, signingKey }: SealDeps,
  { head, free, lost }: Newest,
  noted: NotedHead | undefined,
  events: CheckpointEntry[],
): Promise<boolean> {
  const time = (await sealState.clock()).toISOString();
  const found = lost && { lost: { number: lost.number, hash: lost.hash } };
  const text = await writeCheckpoint(signingKey, { number: free, time, previous: head, events, ...found });
  if (!(await checkpoints.create(free, text))) return false;
  await sealState.note(headOf(free, text), noted?.version);
  return true;
}

function warn({ lost, foreign, head }: Newest, warnings: Set<string>): void {
  if (lost)
    warnings.add(
      `The checkpoint that is noted as the newest, number ${lost.number}, is not there or is another: it was taken away, or the note was changed. Sealing goes on behind number ${head.number}.`,
    );
  if (foreign.length > 0)
    warnings.add(
      `The proxy did not sign what stands as checkpoint ${foreign
        .slice(0, 5)
        .map(({ number }) => number)
        .join(', ')}: it was passed over.`,
    );
}
