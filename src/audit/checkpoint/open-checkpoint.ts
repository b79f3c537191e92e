import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import type { SignatureCheck } from './signing-key.ts';

/** Why a checkpoint is not to be trusted. */
export interface Distrust {
  readonly kind: 'checkpointMissing' | 'checkpointChanged' | 'wrongKey';
  readonly detail: string;
}

export type Opened = { readonly checkpoint: Checkpoint } | { readonly distrust: Distrust };

/** The checkpoint of a text, where one of the proxy's keys signed it. */
export async function openCheckpoint(
  signatures: SignatureCheck,
  number: number,
  text: string | undefined,
): Promise<Opened> {
  if (text === undefined) return distrust('checkpointMissing', 'There is no checkpoint of this number.');
  const signer = await signatures.verify(text);
  if (signer === 'unknown') return distrust('wrongKey', "It is signed with a key that is not the proxy's.");
  const checkpoint = readCheckpoint(number, text);
  if (signer === 'known' && checkpoint) return { checkpoint };
  return distrust('checkpointChanged', 'It is not, to the letter, a checkpoint of this number that the proxy signed.');
}

const distrust = (kind: Distrust['kind'], detail: string): Opened => ({ distrust: { kind, detail } });
