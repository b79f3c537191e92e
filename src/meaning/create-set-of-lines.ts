import type { AcceptedSet } from '../client/answers.ts';
import type { Client } from '../client/client.ts';
import { readSetLines } from '../line/read-set-lines.ts';
import { askByMeaning, endpointsFor, withNearestSource } from './ask-by-meaning.ts';
import { meaningsOf } from './meanings-of.ts';
import { WordsError } from './words-error.ts';

/** Asks for the checks that stand in lines, as one set. Throws `WordsError` for a line that is no check. */
export async function createSetOfLines(
  client: Client,
  lines: string,
  because: { readonly reason?: string },
  signal: AbortSignal,
): Promise<AcceptedSet> {
  const read = readSetLines(lines);
  if (!read.ok) throw new WordsError(read.message);
  const { asks } = read;
  const endpoints = await endpointsFor(client, asks, signal);
  const meanings = asks.map((ask) => meaningsOf(ask, endpoints));
  try {
    const { answer } = await askByMeaning(
      meanings,
      (index) => `checks[${index}].`,
      (checks) => client.sets.create({ checks, ...because }, { signal }),
    );
    return answer;
  } catch (error) {
    throw await withNearestSource(error, client, asks, endpoints, signal);
  }
}
