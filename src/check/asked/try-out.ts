import type { Actor } from '../../contract/actor.ts';
import type { CheckRequest } from '../../contract/request/check-request.ts';
import { blankProbeHeaders } from '../state/blank-probe-headers.ts';
import { dryRun, type SubmitDeps } from '../submit.ts';

/** What a request would come to, as a dry run answers it. */
export async function tryOut(deps: Pick<SubmitDeps, 'policy' | 'sources'>, actor: Actor, asked: CheckRequest) {
  const { networkWatcher, named } = asked;
  const request = blankProbeHeaders(asked.request);
  const { decision, source, warnings } = await dryRun(deps, actor, asked);
  return {
    decision,
    networkWatcher,
    // What a name stands for is for those who may test it.
    request: decision.allowed ? request : { ...request, ...named },
    source,
    warnings,
  };
}
