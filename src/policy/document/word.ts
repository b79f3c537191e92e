import { z } from 'zod';
import { listed } from '../../contract/text/listed.ts';

/** One of some words, in any letter case. */
export const word = <const T extends readonly string[]>(words: T, error = `write ${listed(words)}`) =>
  z.preprocess((given) => wordOf(words, given) ?? given, z.enum(words, { error }));

/** The word that is meant, in its one spelling. */
export const wordOf = (words: readonly string[], given: unknown): string | undefined =>
  words.find((each) => typeof given === 'string' && each.toLowerCase() === given.toLowerCase());
