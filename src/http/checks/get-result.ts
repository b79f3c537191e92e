import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import type { ReadDeps } from '../../check/read.ts';
import { result, type Result } from '../../check/result.ts';
import type { FindIdDeps } from '../../check/sight/find-id.ts';
import { Problem } from '../../contract/problem.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { linksOf, retryAfter } from './check-answer.ts';
import { checkIdOf } from './check-id.ts';
import { checkOperations } from './operations.ts';

type GetResultDeps = HandlerDeps & ReadDeps & FindIdDeps & { readonly publicUrl: string };

/** `GET /api/checks/{id}/result`: what Azure answered, as it came. */
export function getResult(deps: GetResultDeps): HttpHandler {
  return httpHandler(deps, checkOperations.getResult, async (call) =>
    answerOf(deps, await result(deps, call.actor, await checkIdOf(deps, call))),
  );
}

function answerOf({ publicUrl, now }: GetResultDeps, come: Result): HttpResponseInit {
  switch (come.kind) {
    case 'open': {
      const location = linksOf(publicUrl, come.check.id).result;
      return { status: 202, headers: { location, ...retryAfter(come.check, now()) } };
    }
    case 'canceled':
      throw new Problem('CheckCanceled', 'The check was canceled, so there is no result.');
    case 'azure':
      return asItCame(come);
    case 'failed':
      throw new Problem(come.code, come.message, { innererror: come.innererror });
  }
}

const asItCame = ({ status, body, code }: Extract<Result, { kind: 'azure' }>): HttpResponseInit => ({
  status,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    ...(code === undefined ? {} : { 'x-ms-error-code': code }),
  },
  body,
});
