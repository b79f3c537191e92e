import type { HttpHandler } from '@azure/functions';
import { type CompareDeps, comparison, type With } from '../../check/compare/comparison.ts';
import { findId, type FindIdDeps } from '../../check/sight/find-id.ts';
import type { Actor } from '../../contract/actor.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { checkIdOf } from './check-id.ts';
import { checkOperations } from './operations.ts';

type CompareCheckDeps = HandlerDeps & FindIdDeps & CompareDeps;

/** `GET /api/checks/{id}/comparison` */
export function compareCheck(deps: CompareCheckDeps): HttpHandler {
  return httpHandler(deps, checkOperations.compareCheck, async (call) => {
    const checkId = await checkIdOf(deps, call);
    const wanted = await readWith(deps, call.actor, call.query.with);
    return { status: 200, jsonBody: await comparison(deps, call.actor, checkId, wanted) };
  });
}

/** What a check is to be compared with: a word, or an id that may be shortened. */
export async function readWith(deps: FindIdDeps, { caller }: Actor, text = 'lastGood'): Promise<With> {
  const word = (['lastGood', 'previous'] as const).find((one) => one.toLowerCase() === text.trim().toLowerCase());
  if (word !== undefined) return word;
  return { id: await findId(deps, caller, text) };
}
