import type { HttpHandler } from '@azure/functions';
import type { ReadSetDeps } from '../../set/read.ts';
import { rerunSet as rerun } from '../../set/rerun.ts';
import { idempotencyKeyOf } from '../checks/idempotency-key.ts';
import { parseBody } from '../checks/parse-body.ts';
import { httpHandler } from '../handler.ts';
import { acceptSet } from './accept-set.ts';
import type { CreateSetDeps } from './create-set.ts';
import { setOperations } from './operations.ts';
import { setIdOf } from './set-id.ts';

/** `POST /api/sets/{id}/rerun` */
export function rerunSet(deps: CreateSetDeps & ReadSetDeps): HttpHandler {
  return httpHandler(deps, setOperations.rerunSet, async (call) => {
    const idempotencyKey = idempotencyKeyOf(call.request);
    const { reason } = parseBody(setOperations.rerunSet.body, call.body ?? {});
    const setId = await setIdOf(deps, call);
    return acceptSet(deps, call, (warn) =>
      rerun({ ...deps, warn }, call.actor, setId, { reason: reason ?? undefined, idempotencyKey }),
    );
  });
}
