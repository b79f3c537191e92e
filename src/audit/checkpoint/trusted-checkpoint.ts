import { type Checkpoint, readCheckpoint, signedText } from './checkpoint.ts';
import type { SignatureCheck } from './signing-key.ts';
import type { FaultList } from './verification.ts';

interface Deps {
  readonly signatures: SignatureCheck;
  readonly faults: FaultList;
}

/** The checkpoint of a text, where one of the proxy's keys signed it; anything else is a fault. */
export function trustedCheckpoint(
  { signatures, faults }: Deps,
  sequence: number,
  text: string | undefined,
): Checkpoint | undefined {
  const place = placeOfCheckpoint(sequence);
  if (text === undefined) {
    faults.add('checkpointMissing', place, 'There is no checkpoint of this number.');
    return undefined;
  }
  const checkpoint = readCheckpoint(text);
  if (checkpoint?.sequence !== sequence)
    faults.add('checkpointChanged', place, 'It is not a checkpoint of this number to the letter.');
  else if (!signatures.knows(checkpoint.key))
    faults.add(
      'wrongKey',
      place,
      `It is signed with the key ${checkpoint.key.slice(0, 64)}, which is not the proxy's.`,
    );
  else if (!signatures.accepts(checkpoint.key, signedText(checkpoint), checkpoint.signature))
    faults.add('checkpointChanged', place, 'Its signature does not belong to what it says.');
  else return checkpoint;
  return undefined;
}

export const placeOfCheckpoint = (sequence: number): string => `checkpoint ${sequence}`;
