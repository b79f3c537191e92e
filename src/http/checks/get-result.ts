import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import type { Check } from '../../check/state/check.ts';
import { read, type ReadDeps } from '../../check/read.ts';
import { Problem, problemCodes } from '../../contract/problem.ts';
import { linksOf, retryAfter } from './check-answer.ts';
import { checkIdOf } from './check-id.ts';
import { httpHandler, type HandlerDeps, noQuery } from '../handler.ts';

/** `GET /api/checks/{id}/result`: what Azure answered, as it came. */
export function getResult(deps: HandlerDeps & ReadDeps & { readonly publicUrl: string }): HttpHandler {
  return httpHandler(
    deps,
    { roles: ['Check.Request', 'Audit.Read'], query: noQuery },
    async ({ caller, origin, request }) => {
      const id = checkIdOf(request);
      const check = await read(deps, { caller, origin, resource: `/api/checks/${id}/result` }, id);
      switch (check.status) {
        case 'NotStarted':
        case 'Running':
          return {
            status: 202,
            headers: { location: linksOf(deps.publicUrl, id).result, ...retryAfter(check, deps.now()) },
          };
        case 'Canceled':
          throw new Problem('CheckCanceled', 'The check was canceled, so there is no result.');
        case 'Succeeded':
          return asItCame(200, await deps.store.answer(id));
        case 'Failed':
          return failedAnswer(deps, check);
      }
    },
  );
}

/** ARM's own refusal where it refused; else our account of it. */
async function failedAnswer(deps: ReadDeps, check: Extract<Check, { status: 'Failed' }>): Promise<HttpResponseInit> {
  const { answerStatus, error } = check;
  if (answerStatus !== undefined && answerStatus >= 400 && answerStatus < 500) {
    const answer = await deps.store.answer(check.id);
    if (answer !== undefined && isJson(answer))
      return asItCame(answerStatus, answer, { 'x-ms-error-code': error.code });
  }
  const code = problemCodes.find((known) => known === error.code) ?? 'AzureFailed';
  throw new Problem(code, error.message, { innererror: error.innererror });
}

/** What stands before ARM can answer in its name, in HTML. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const asItCame = (status: number, body = '', headers: Record<string, string> = {}): HttpResponseInit => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body,
});
