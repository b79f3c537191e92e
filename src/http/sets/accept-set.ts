import type { HttpResponseInit } from '@azure/functions';
import { type AwaitSetDeps, awaitSet, hasSetEnded } from '../../set/read.ts';
import { type WarnAbout, warnAbout } from '../../log/warn-about.ts';
import type { StoredSet } from '../../set/ports/set-store.ts';
import { refusedOf, viewOfSet } from '../../set/state/view-of-set.ts';
import type { Call } from '../handler.ts';
import { preferenceApplied, preferredWaitSeconds } from '../prefer-wait.ts';
import { retryAfterOf } from './set-answer.ts';

type Deps = AwaitSetDeps & { readonly publicUrl: string };

/** Has a set accepted, and answers it with its link, after the wait that the caller prefers. */
export async function acceptSet(
  deps: Deps,
  call: Call<unknown>,
  accept: (warn: WarnAbout) => Promise<StoredSet>,
): Promise<HttpResponseInit> {
  const { log, actor, request } = call;
  const warn = warnAbout(log);
  const accepted = await accept(warn);
  const wait = preferredWaitSeconds(request.headers.get('prefer'));
  const { stored, held } = await awaited(deps, actor.caller.requester.id, accepted, wait, warn);
  const { set, members } = stored;
  return {
    status: hasSetEnded(stored) && wait > 0 ? 200 : 202,
    headers: {
      location: `${deps.publicUrl}/api/sets/${set.id}`,
      ...retryAfterOf(stored),
      ...preferenceApplied(held ? wait : 0),
    },
    jsonBody: { ...viewOfSet(set, members), refused: refusedOf(members) },
  };
}

/** Whatever the wait meets, the set is accepted, and its requester needs its id. */
async function awaited(deps: Deps, requesterId: string, accepted: StoredSet, wait: number, warn: WarnAbout) {
  if (wait === 0) return { stored: accepted, held: false };
  try {
    return await awaitSet(deps, requesterId, accepted, wait);
  } catch (error) {
    warn('The end of an accepted set could not be awaited.', error, { setId: accepted.set.id });
    return { stored: accepted, held: false };
  }
}
