import { isSigned } from '../../audit/checkpoint/signed-text.ts';
import type { SigningKey } from '../../audit/checkpoint/signing-key.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { sha256 } from '../../contract/sha256.ts';

/** What a row is about. A signature on a row of one kind is none on a row of another. */
type Kind = 'reservation' | 'refusal' | 'refusals' | 'pause' | 'sources';

/** Tells rows that the proxy wrote for itself into the table `checks` from rows of whoever else may write there. */
export interface RowProofs {
  /** The column that proves what the row says. */
  readonly prove: (kind: Kind, says: unknown) => Promise<{ readonly proof: string }>;
  /** Whether that column, of a row that says that, is the proxy's. */
  readonly isProven: (kind: Kind, says: unknown, proof: unknown) => Promise<boolean>;
  /** Tells the log of what was passed over. */
  readonly warn: (cause: string) => void;
}

/**
 * The key stands in no table, as the secret of ids does: whoever may write rows can put back one that was there, and make none.
 * docs/decisions.md#rows-that-the-proxy-keeps-for-itself-are-signed
 */
export function rowProofs(key: SigningKey, warn: RowProofs['warn']): RowProofs {
  const verify = rememberKnown(key);
  return {
    prove: async (kind, says) => ({ proof: await key.sign(textOf(kind, says)) }),
    isProven: async (kind, says, proof) => typeof proof === 'string' && isSigned({ verify }, proof, textOf(kind, says)),
    warn,
  };
}

/** Two weeks of paused minutes, and 5 MB. When there are more, it begins anew. */
const MOST_KNOWN = 20_000;

/** The same rows are looked at again and again, and each signature takes 0.3 ms. */
function rememberKnown({ verify }: SigningKey): SigningKey['verify'] {
  const known = new Set<string>();
  return async (jws) => {
    if (known.has(jws)) return 'known';
    const found = await verify(jws);
    if (found !== 'known') return found;
    if (known.size >= MOST_KNOWN) known.clear();
    known.add(jws);
    return found;
  };
}

const textOf = (kind: Kind, says: unknown): string => `${kind} ${sha256(canonicalJson(says))}`;
