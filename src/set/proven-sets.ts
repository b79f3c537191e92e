import type { SignatureCheck } from '../audit/checkpoint/signing-key.ts';
import type { SetStore } from './ports/set-store.ts';
import { isProven } from './state/proof.ts';

/** A store in which a set of which the app has not signed who asked for what is as if it were not there. */
export const provenSets = (rows: SetStore, key: SignatureCheck, onForged: (setId: string) => void): SetStore => ({
  ...rows,
  find: async (id, also) => {
    const found = await rows.find(id);
    if (!found || (found.set.id === id && (await isProven(key, found.set, found.members)))) return found;
    onForged(id);
    return also === 'forged' ? { ...found, unsigned: true } : undefined;
  },
});
