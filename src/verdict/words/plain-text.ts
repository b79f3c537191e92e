import { cutText } from '../../contract/text/cut-text.ts';

/** Text from ARM made fit for a sentence: no control, format or separator characters, and at most `length` of it. */
export function plainText(text: string, length: number): string {
  const plain = cutText(text, 4 * length)
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  const characters = Array.from(plain);
  return characters.length <= length ? plain : `${characters.slice(0, length - 1).join('')}…`;
}
