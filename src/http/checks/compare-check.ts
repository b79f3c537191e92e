import type { HttpHandler } from '@azure/functions';
import { type CompareDeps, comparison, type With } from '../../check/compare/comparison.ts';
import { findId, type FindIdDeps } from '../../check/sight/find-id.ts';
import { type Call, httpHandler, type HandlerDeps } from '../handler.ts';
import { checkIdOf } from './check-id.ts';
import { checkOperations } from './operations.ts';

type CompareCheckDeps = HandlerDeps & FindIdDeps & CompareDeps;

/** `GET /api/checks/{id}/comparison` */
export function compareCheck(deps: CompareCheckDeps): HttpHandler {
  return httpHandler(deps, checkOperations.compareCheck, async (call) => {
    const checkId = await checkIdOf(deps, call);
    const wanted = await withOf(deps, call, call.query.with ?? 'lastGood');
    return { status: 200, jsonBody: await comparison(deps, call.actor, checkId, wanted) };
  });
}

async function withOf(deps: FindIdDeps, { actor }: Call<unknown>, text: string): Promise<With> {
  const word = (['lastGood', 'previous'] as const).find((one) => one.toLowerCase() === text.trim().toLowerCase());
  if (word !== undefined) return word;
  return { id: await findId(deps, actor.caller, text) };
}
