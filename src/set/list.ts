import type { Actor } from '../contract/actor.ts';
import type { SetSummary } from '../contract/answer/set.ts';
import { type PassOverDeps, unlessGarbled } from '../contract/rows/not-as-written.ts';
import { atOnce } from './at-once.ts';
import { isOwnSet } from './is-own-set.ts';
import type { SetStore } from './ports/set-store.ts';
import { summaryOf } from './state/view-of-set.ts';

/** A set is a range of rows: so many are read at the same time. */
const AT_ONCE = 8;

/** One's own sets, newest first, without their checks. Throws `StorageUnavailable`. */
export async function listSets(
  deps: PassOverDeps & { readonly sets: SetStore },
  { caller }: Actor,
  top: number,
  after?: string,
): Promise<{ readonly sets: readonly SetSummary[]; readonly next?: string | undefined }> {
  const { ids, next } = await deps.sets.page(caller.requester.id, top, after);
  const found = new Map<string, SetSummary>();
  await atOnce(AT_ONCE, ids, async (id) => {
    const stored = await unlessGarbled(deps, () => deps.sets.find(id));
    // A list says no more than which sets there are: whose they are, they say themselves.
    if (stored && isOwnSet(caller, stored.set)) found.set(id, summaryOf(stored.set, stored.members));
  });
  return { sets: ids.flatMap((id) => found.get(id) ?? []), next };
}
