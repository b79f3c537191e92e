import { isSigned } from '../../audit/checkpoint/signed-text.ts';
import type { SignatureCheck, SigningKey } from '../../audit/checkpoint/signing-key.ts';
import { sha256 } from '../../contract/sha256.ts';

export interface MarkDeps {
  readonly signingKey: SignatureCheck;
}

/**
 * What a check or a set keeps of its callback's URL, which stands in another table: it is known again by it, and not told.
 * Whoever can read and write rows cannot make one for another URL.
 */
export const markCallback = ({ sign }: Pick<SigningKey, 'sign'>, id: string, url: string): Promise<string> =>
  sign(markedText(id, url));

/** Whether the URL is the one that was named for it. */
export const isMarked = async (key: SignatureCheck, mark: string | undefined, id: string, url: string) =>
  mark !== undefined && isSigned(key, mark, markedText(id, url));

const markedText = (id: string, url: string): string => `callback ${sha256(JSON.stringify([id, url]))}`;
