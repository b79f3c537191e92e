import { z } from 'zod';
import { findId, type FindIdDeps } from '../../check/sight/find-id.ts';
import type { Call } from '../handler.ts';

export const checkIdSchema = z.uuid().toLowerCase();

/** The id in the path, which may be shortened; a malformed one names no check. */
export const checkIdOf = (deps: FindIdDeps, { actor, request }: Call<unknown>): Promise<string> =>
  findId(deps, actor.caller, request.params['id'] ?? '');
