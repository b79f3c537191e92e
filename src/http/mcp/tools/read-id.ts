import { findId, type FindIdDeps } from '../../../check/sight/find-id.ts';
import type { Actor } from '../../../contract/actor.ts';
import { bareWord } from '../../../line/bare-word.ts';
import { idIn } from '../../../line/id-in.ts';

/** The check that is meant by an id, taken as a line takes it: shortened, or in a link. Throws as `findId` does. */
export function readId(deps: FindIdDeps, { caller }: Actor, given: string): Promise<string> {
  const word = bareWord(given.trim());
  return findId(deps, caller, idIn(word) ?? word);
}
