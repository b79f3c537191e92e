import type { HttpHandler } from '@azure/functions';
import type { ReadDeps } from '../../check/read.ts';
import { result } from '../../check/result.ts';
import type { FindIdDeps } from '../../check/sight/find-id.ts';
import { checkIdOf } from '../checks/check-id.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { ended, running } from './operation-answer.ts';
import { armOperations } from './operations.ts';

type OperationResultDeps = HandlerDeps & ReadDeps & FindIdDeps & { readonly publicUrl: string };

/** `GET …/operationResults/{id}`: what the check has come to, as ARM answers it of its own operations. */
export function getOperationResult(deps: OperationResultDeps): HttpHandler {
  return httpHandler(deps, armOperations.getOperationResult, async (call) => {
    const come = await result(deps, call.actor, await checkIdOf(deps, call));
    return come.kind === 'open'
      ? running(come.check, { ...deps, now: deps.now(), url: call.request.url })
      : ended(come);
  });
}
