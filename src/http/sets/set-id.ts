import { findSetId, type FindSetIdDeps } from '../../set/find-set-id.ts';
import type { Call } from '../handler.ts';

/** The id in the path, which may be shortened; a malformed one names no set. */
export const setIdOf = (deps: FindSetIdDeps, { actor, request }: Call<unknown>): Promise<string> =>
  findSetId(deps, actor.caller, request.params['id'] ?? '');
