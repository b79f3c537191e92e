import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import type { WaitDeps } from '../../check/await-end.ts';
import { blankProbeHeaders } from '../../check/state/blank-probe-headers.ts';
import { dryRun, submit } from '../../check/submit.ts';
import type { CheckRequest } from '../../contract/request/check-request.ts';
import { acceptCheck } from './accept-check.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { checkOperations } from './operations.ts';
import { readAsked, type ReadAskedDeps } from './read-asked.ts';
import { type Call, httpHandler, type HandlerDeps } from '../handler.ts';

type SubmitCheckDeps = HandlerDeps & WaitDeps & ReadAskedDeps & { readonly publicUrl: string };

/** `POST /api/checks` */
export function submitCheck(deps: SubmitCheckDeps): HttpHandler {
  return httpHandler(deps, checkOperations.submitCheck, async (call) => {
    const idempotencyKey = idempotencyKeyOf(call.request);
    const { actor, body, query } = call;
    const isDryRun = query.dryRun === 'true';
    const asked = await readAsked(deps, { actor, body, isDryRun, idempotencyKey });
    if (isDryRun) return tryOut(deps, call, asked);
    return acceptCheck(deps, call, (warn) => submit({ ...deps, warn }, actor, { asked, idempotencyKey }));
  });
}

async function tryOut(deps: SubmitCheckDeps, { actor }: Call<unknown>, asked: CheckRequest): Promise<HttpResponseInit> {
  const { networkWatcher, named } = asked;
  const request = blankProbeHeaders(asked.request);
  const { decision, source, warnings } = await dryRun(deps, actor, asked);
  // What a name stands for is for those who may test it.
  return {
    status: 200,
    jsonBody: {
      decision,
      networkWatcher,
      request: decision.allowed ? request : { ...request, ...named },
      source,
      warnings,
    },
  };
}
