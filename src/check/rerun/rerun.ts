import type { Actor } from '../../contract/actor.ts';
import { Problem } from '../../contract/problem.ts';
import type { CheckRequest } from '../../contract/request/check-request.ts';
import { readSide } from '../../contract/request/side.ts';
import { read, type ReadDeps } from '../read.ts';
import { type Check, givenWatcherOf } from '../state/check.ts';
import { type Accepted, submit, type SubmitDeps, type Submission } from '../submit.ts';

export type RerunDeps = SubmitDeps & ReadDeps;

export interface Rerun extends Pick<Submission, 'idempotencyKey'> {
  /** Why it is asked for now; the earlier check's reason was another's, or of another day. */
  readonly reason?: string | undefined;
}

/**
 * Asks again what a check asked that the actor may read, as a submit of theirs: decided, limited and audited anew.
 * Throws as `read` and `submit` do, and `ProbeHeadersNeeded`.
 */
export async function rerun(deps: RerunDeps, actor: Actor, checkId: string, asking: Rerun): Promise<Accepted> {
  const earlier = await read(deps, actor, checkId, `/api/checks/${checkId}/rerun`);
  const { reason, idempotencyKey } = asking;
  return submit(deps, actor, { asked: askedAgain(earlier, reason), idempotencyKey, rerunOf: earlier.id });
}

/** What was asked, as it was asked: a network watcher that was found is found again. */
function askedAgain(earlier: Check, reason: string | undefined): CheckRequest {
  const { request } = earlier;
  if (request.protocolConfiguration?.HTTPConfiguration?.headers?.length)
    throw new Problem(
      'ProbeHeadersNeeded',
      'The check had probe headers, whose values are not kept: send them again, with POST /api/checks.',
    );
  // What cannot be read is refused by policy.
  const sides = { source: readSide(request.source) ?? {}, destination: readSide(request.destination) ?? {} };
  return { request, sides, networkWatcher: givenWatcherOf(earlier), reason };
}
