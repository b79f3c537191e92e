import type { Ask } from '../line/line.ts';
import { type AskRequest, type KnownEndpoint, requestsOf } from '../line/requests-of.ts';
import { WordsError } from './words-error.ts';

/** What the words of a check can mean, the likeliest first. Throws `WordsError` for what is missing in them. */
export function meaningsOf(ask: Ask, endpoints: readonly KnownEndpoint[]): readonly AskRequest[] {
  const read = requestsOf(ask, endpoints);
  if (read.ok) return read.requests;
  throw new WordsError(read.message);
}
