import type { CheckStore } from '../ports/check-store.ts';
import { type EndedCheck, hasEnded } from '../state/check.ts';
import type { EndedCheck as Indexed } from './flow-index.ts';
import { isSameQuestion, questionOf } from './question.ts';

/**
 * The check that a row of the index is about, where its own row says the same: whoever forges a row of the index is not
 * told of the check that it names. Throws `StorageUnavailable`.
 */
export async function endedOf(
  { store }: { readonly store: Pick<CheckStore, 'find'> },
  { id, request }: Indexed,
): Promise<EndedCheck | undefined> {
  const check = (await store.find(id))?.check;
  if (!check || !hasEnded(check)) return undefined;
  return isSameQuestion(questionOf(check.request), questionOf(request)) ? check : undefined;
}
