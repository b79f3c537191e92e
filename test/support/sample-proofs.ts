import { parseSigningKey } from '../../src/audit/checkpoint/signing-key.ts';
import { rowProofs } from '../../src/storage/guards/row-proofs.ts';
import { newSigningKey } from './new-signing-key.ts';

/** Proofs of a key of their own; what is passed over is told to nobody. */
export const sampleProofs = () => rowProofs(parseSigningKey(newSigningKey())!, () => undefined);
