import type { HttpHandler } from '@azure/functions';
import type { WaitDeps } from '../../check/await-end.ts';
import { rerun, type RerunDeps } from '../../check/rerun/rerun.ts';
import type { FindIdDeps } from '../../check/sight/find-id.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { parseBody } from './parse-body.ts';
import { acceptCheck } from './accept-check.ts';
import { checkIdOf } from './check-id.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { checkOperations } from './operations.ts';

type RerunCheckDeps = HandlerDeps & WaitDeps & FindIdDeps & Omit<RerunDeps, 'warn'> & { readonly publicUrl: string };

/** `POST /api/checks/{id}/rerun` */
export function rerunCheck(deps: RerunCheckDeps): HttpHandler {
  return httpHandler(deps, checkOperations.rerunCheck, async (call) => {
    const idempotencyKey = idempotencyKeyOf(call.request);
    const { reason } = parseBody(checkOperations.rerunCheck.body, call.body ?? {});
    const checkId = await checkIdOf(deps, call);
    return acceptCheck(deps, call, (warn) =>
      rerun({ ...deps, warn }, call.actor, checkId, { reason: reason ?? undefined, idempotencyKey }),
    );
  });
}
