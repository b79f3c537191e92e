import { Problem } from '../../../contract/problem.ts';
import type { Ask } from '../../../line/line.ts';
import { readAsk, type Words } from '../../../line/read-ask.ts';

/** The words of a check, taken as those of a line are. Throws `InvalidRequest` for what can be no such word. */
export function readWords(words: Words): Ask {
  const read = readAsk({ ...words, reason: givenText(words.reason) });
  if (read.ok) return read.ask;
  throw new Problem('InvalidRequest', read.message);
}

/** Models fill what they have nothing for with an empty text: it is not given. */
export const givenText = (text: string | undefined): string | undefined => (text?.trim() === '' ? undefined : text);
