import { type Checkpoint, type Head, headOf, MAX_NUMBER, noCheckpoint } from './checkpoint.ts';
import type { Checkpoints } from './checkpoints.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import type { SignatureCheck } from './signing-key.ts';

interface Deps {
  readonly checkpoints: Pick<Checkpoints, 'read' | 'numbers'>;
  readonly signatures: SignatureCheck;
}

export interface Newest {
  readonly head: Head;
  /** Absent before the first. */
  readonly checkpoint?: Checkpoint | undefined;
  /** The number of the next one. */
  readonly free: number;
  /** Numbers behind the newest at which there is something that the proxy did not sign. */
  readonly foreign: readonly number[];
  /** What was noted, where there is no such checkpoint: it was taken away, or the note is forged. */
  readonly lost?: Head | undefined;
}

/**
 * The newest checkpoint that the proxy signed. The note of it is believed where that checkpoint is there, is the one that
 * was noted, and nothing stands behind it. Otherwise all names are looked at: a crash came before the note was written,
 * another instance makes checkpoints now, or somebody wrote in the container or changed the note.
 */
export async function newestCheckpoint(deps: Deps, noted: Head | undefined): Promise<Newest> {
  const known = noted && (await signed(deps, noted.number));
  const isKept = known?.head.hash === noted?.hash;
  const lost = isKept ? undefined : noted;
  const next = (noted?.number ?? 0) + 1;
  if (isKept && (await deps.checkpoints.read(next)) === undefined)
    return { ...(known ?? { head: noCheckpoint }), free: next, foreign: [] };
  const numbers = (await deps.checkpoints.numbers()).toSorted((a, b) => b - a);
  const newest = await newestOf(deps, numbers);
  const behind = numbers.filter((number) => number > newest.head.number).reverse();
  const taken = new Set(behind);
  let free = newest.head.number + 1;
  while (taken.has(free)) free++;
  return { ...newest, free, foreign: behind, lost };
}

/** `numbers` come newest first. */
async function newestOf(deps: Deps, numbers: readonly number[]): Promise<Pick<Newest, 'head' | 'checkpoint'>> {
  for (const number of numbers) {
    const found = await signed(deps, number);
    if (found) return found;
  }
  return { head: noCheckpoint };
}

async function signed({ checkpoints, signatures }: Deps, number: number) {
  if (number < 1 || number > MAX_NUMBER) return undefined;
  const text = await checkpoints.read(number);
  const opened = await openCheckpoint(signatures, number, text);
  return 'checkpoint' in opened && text !== undefined
    ? { head: headOf(number, text), checkpoint: opened.checkpoint }
    : undefined;
}
