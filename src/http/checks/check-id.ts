import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { noSuchCheck } from '../../check/read.ts';

export const checkIdSchema = z.uuid().toLowerCase();

/** The id in the path; a malformed one names no check. */
export function checkIdOf(request: HttpRequest): string {
  const id = checkIdSchema.safeParse(request.params['id']);
  if (id.success) return id.data;
  throw noSuchCheck();
}
