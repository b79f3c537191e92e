import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { Problem } from '../../contract/problem.ts';

export const checkIdSchema = z.uuid().toLowerCase();

/** The id in the path; a malformed one names no check. */
export function checkIdOf(request: HttpRequest): string {
  const id = checkIdSchema.safeParse(request.params['id']);
  if (id.success) return id.data;
  throw new Problem('NotFound', 'There is no check of that id, or it is not yours.');
}
