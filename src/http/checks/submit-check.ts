import type { HttpHandler } from '@azure/functions';
import type { WaitDeps } from '../../check/await-end.ts';
import { tryOut } from '../../check/asked/try-out.ts';
import { submit } from '../../check/submit.ts';
import { acceptCheck } from './accept-check.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { checkOperations } from './operations.ts';
import { readAsked, type ReadAskedDeps } from '../../check/asked/read-asked.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';

type SubmitCheckDeps = HandlerDeps & WaitDeps & ReadAskedDeps & { readonly publicUrl: string };

/** `POST /api/checks` */
export function submitCheck(deps: SubmitCheckDeps): HttpHandler {
  return httpHandler(deps, checkOperations.submitCheck, async (call) => {
    const idempotencyKey = idempotencyKeyOf(call.request);
    const { actor, body, query } = call;
    const isDryRun = query.dryRun === 'true';
    const asked = await readAsked(deps, { actor, body, isDryRun, idempotencyKey });
    if (isDryRun) return { status: 200, jsonBody: await tryOut(deps, actor, asked) };
    return acceptCheck(deps, call, (warn) => submit({ ...deps, warn }, actor, { asked, idempotencyKey }));
  });
}
