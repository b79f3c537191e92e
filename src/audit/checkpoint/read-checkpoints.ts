import { type Checkpoint, hashOfCheckpoint, noCheckpoint } from './checkpoint.ts';
import type { Checkpoints, Head } from './checkpoints.ts';
import type { SignatureCheck } from './signing-key.ts';
import { placeOfCheckpoint, trustedCheckpoint } from './trusted-checkpoint.ts';
import { type FaultList, faultList } from './verification.ts';

interface Deps {
  readonly checkpoints: Pick<Checkpoints, 'read'>;
  readonly signatures: SignatureCheck;
  readonly faults: FaultList;
}

const AT_ONCE = 16;

/**
 * Checkpoints from a number up to the head, each held to its signature and to the hash by which its follower, or the
 * head, names it. What cannot be trusted is a fault, and is not answered.
 */
export async function* readCheckpoints(deps: Deps, first: number, head: Head): AsyncGenerator<Checkpoint> {
  // One that is well signed waits for the next, which says its hash.
  let waiting: { readonly checkpoint: Checkpoint; readonly text: string } | undefined;
  for await (const { sequence, text } of texts(deps.checkpoints, first, head.sequence)) {
    const checkpoint = trustedCheckpoint(deps, sequence, text);
    if (sequence === 1 && checkpoint && checkpoint.previous !== noCheckpoint)
      deps.faults.add('checkpointMissing', placeOfCheckpoint(0), 'The first checkpoint names one before it.');
    if (waiting && isNamed(deps, waiting, checkpoint?.previous)) yield waiting.checkpoint;
    waiting = checkpoint && text !== undefined ? { checkpoint, text } : undefined;
  }
  if (waiting && isNamed(deps, waiting, head.hash)) yield waiting.checkpoint;
}

/** `hash` is what the follower says; absent where that is not to be trusted itself. */
function isNamed(
  { faults }: Deps,
  { checkpoint, text }: { readonly checkpoint: Checkpoint; readonly text: string },
  hash: string | undefined,
): boolean {
  if (hash === undefined || hashOfCheckpoint(text) === hash) return true;
  const detail = 'It is not the checkpoint that the next one, or the noted head, names.';
  faults.add('checkpointChanged', placeOfCheckpoint(checkpoint.sequence), detail);
  return false;
}

async function* texts(checkpoints: Pick<Checkpoints, 'read'>, first: number, last: number) {
  for (let begin = first; begin <= last; begin += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, last - begin + 1) }, (_, i) => begin + i);
    const found = await Promise.all(numbers.map((sequence) => checkpoints.read(sequence)));
    for (const [i, sequence] of numbers.entries()) yield { sequence, text: found[i] };
  }
}

/** The first checkpoint that can list something of that time; one that is missing or cannot be trusted counts as later. */
export async function firstSince(deps: Omit<Deps, 'faults'>, time: Date, head: Head): Promise<number> {
  let [low, high] = [1, head.sequence + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    // Its faults are named when it is read again, from there on.
    const found = trustedCheckpoint({ ...deps, faults: faultList() }, middle, await deps.checkpoints.read(middle));
    if (found && found.time < time.toISOString()) low = middle + 1;
    else high = middle;
  }
  return low;
}
