import { type Checkpoint, type Head, noCheckpoint } from './checkpoint.ts';
import type { Checkpoints } from './checkpoints.ts';
import { type Distrust, openCheckpoint } from './open-checkpoint.ts';
import type { SignatureCheck } from './signing-key.ts';

interface Deps {
  readonly checkpoints: Pick<Checkpoints, 'read' | 'numbers'>;
  readonly signatures: SignatureCheck;
}

export interface Foreign extends Distrust {
  readonly number: number;
}

export interface Newest {
  readonly head: Head;
  /** Absent before the first. */
  readonly checkpoint?: Checkpoint | undefined;
  /** The number of the next one. */
  readonly free: number;
  /** What stands behind the newest and was not signed by the proxy, the last first. */
  readonly foreign: readonly Foreign[];
  /** What was noted, where there is no such checkpoint: it was taken away, or the note is forged. */
  readonly lost?: Head | undefined;
}

/**
 * The newest checkpoint that the proxy signed. The note of it is believed where that checkpoint is there, is the one that
 * was noted, and nothing stands behind it. Otherwise all names are looked at: a crash came before the note was written,
 * another instance makes checkpoints now, or somebody wrote in the container or changed the note.
 */
export async function newestCheckpoint(deps: Deps, noted: Head | undefined): Promise<Newest> {
  const known = noted && (await open(deps, noted.number));
  const isKept = isNoted(known, noted);
  const next = (noted?.number ?? 0) + 1;
  if (isKept && (await deps.checkpoints.read(next)) === undefined)
    return { head: noCheckpoint, ...known, free: next, foreign: [] };
  const numbers = (await deps.checkpoints.numbers()).toSorted((a, b) => b - a);
  const found = await newestOf(deps, numbers);
  const taken = new Set(numbers);
  let free = found.head.number + 1;
  while (taken.has(free)) free++;
  // It is read once more before it is called lost for ever: the first answer may have been a bad one.
  const isLost = noted !== undefined && !isKept && !isNoted(await open(deps, noted.number), noted);
  return { ...found, free, lost: isLost ? noted : undefined };
}

const isNoted = (found: Awaited<ReturnType<typeof open>> | undefined, noted: Head | undefined): boolean =>
  noted === undefined || (found !== undefined && 'head' in found && found.head.hash === noted.hash);

/** `numbers` come newest first. */
async function newestOf(
  deps: Deps,
  numbers: readonly number[],
): Promise<Pick<Newest, 'head' | 'checkpoint' | 'foreign'>> {
  const foreign: Foreign[] = [];
  for (const number of numbers) {
    const found = await open(deps, number);
    if ('head' in found) return { ...found, foreign };
    foreign.push({ number, ...found });
  }
  return { head: noCheckpoint, foreign };
}

const open = async ({ checkpoints, signatures }: Deps, number: number) =>
  openCheckpoint(signatures, number, await checkpoints.read(number));
