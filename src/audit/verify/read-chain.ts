import { type Checkpoint, type Head, headOf, readCheckpoint } from '../checkpoint/checkpoint.ts';
import type { Checkpoints } from '../checkpoint/checkpoints.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import type { SignatureCheck } from '../checkpoint/signing-key.ts';
import type { FaultList } from './fault-list.ts';

export interface ChainDeps {
  readonly checkpoints: Pick<Checkpoints, 'read'>;
  readonly signatures: SignatureCheck;
  readonly faults: FaultList;
}

export interface ChainRange {
  readonly first: number;
  readonly last: number;
  readonly top?: Head | undefined;
}

const AT_ONCE = 32;

/**
 * Checkpoints from the number `last` down to `first`. Each names the one before by its hash, so a signature is looked at
 * where nothing trusted names the checkpoint: at the top, where `top` does not, and below a fault. What stands at a number
 * that the chain passes over is a fault, and is not followed.
 */
export async function* readChain(deps: ChainDeps, { first, last, top }: ChainRange): AsyncGenerator<Checkpoint> {
  let named: Head | undefined = top;
  for await (const { number, text } of textsDown(deps.checkpoints, first, last)) {
    const passedOver = named !== undefined && number > named.number;
    if (passedOver && text === undefined) continue;
    const isNamed = text !== undefined && named?.hash === headOf(number, text).hash;
    const checkpoint = isNamed ? readCheckpoint(number, text) : await openUnnamed(deps, number, text, named);
    if (passedOver) continue;
    named = checkpoint?.previous;
    if (checkpoint) yield checkpoint;
  }
}

/** One that nothing names is held to its signature; one that should be another is a fault whatever its signature. */
async function openUnnamed(
  { signatures, faults }: ChainDeps,
  number: number,
  text: string | undefined,
  named: Head | undefined,
): Promise<Checkpoint | undefined> {
  const opened = await openCheckpoint(signatures, number, text);
  if ('kind' in opened) faults.addCheckpoint(opened.kind, number, opened.detail);
  else if (named)
    faults.addCheckpoint('checkpointChanged', number, 'It is not the one that the next checkpoint names.');
  else return opened.checkpoint;
  return undefined;
}

async function* textsDown(checkpoints: ChainDeps['checkpoints'], first: number, last: number) {
  for (let begin = last; begin >= first; begin -= AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, begin - first + 1) }, (_, i) => begin - i);
    const texts = await Promise.all(numbers.map((number) => checkpoints.read(number)));
    for (const [i, number] of numbers.entries()) yield { number, text: texts[i] };
  }
}
