import { meantId, NEWEST } from '../check/sight/meant-id.ts';
import type { Caller } from '../contract/requester.ts';
import type { SetStore } from './ports/set-store.ts';
import { noSuchSet } from './read.ts';

export interface FindSetIdDeps {
  readonly sets: Pick<SetStore, 'page'>;
}

/** The id of a set that is meant, which may be shortened as that of a check. Throws as `meantId` does. */
export function findSetId({ sets }: FindSetIdDeps, { requester }: Caller, given: string): Promise<string> {
  const newest = async () => (await sets.page(requester.id, NEWEST)).ids;
  return meantId({ what: 'sets', newest, none: noSuchSet }, given);
}
