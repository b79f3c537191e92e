import { type Checkpoint, type Head, headOf, readCheckpoint } from './checkpoint.ts';
import type { SignatureCheck } from './signing-key.ts';

/** Why a checkpoint is not to be trusted. */
export interface Distrust {
  readonly kind: 'checkpointMissing' | 'checkpointChanged' | 'wrongKey';
  readonly detail: string;
}

export interface Signed {
  readonly head: Head;
  readonly checkpoint: Checkpoint;
}

/** The checkpoint of a text, where one of the proxy's keys signed it. */
export async function openCheckpoint(
  signatures: SignatureCheck,
  number: number,
  text: string | undefined,
): Promise<Signed | Distrust> {
  if (text === undefined) return { kind: 'checkpointMissing', detail: 'There is no checkpoint of this number.' };
  const signer = await signatures.verify(text);
  if (signer === 'unknown') return { kind: 'wrongKey', detail: "It is signed with a key that is not the proxy's." };
  const checkpoint = readCheckpoint(number, text);
  if (signer === 'known' && checkpoint) return { head: headOf(number, text), checkpoint };
  const detail = 'It is not, to the letter, a checkpoint of this number that the proxy signed.';
  return { kind: 'checkpointChanged', detail };
}
