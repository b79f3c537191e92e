import type { HttpRequest } from '@azure/functions';
import { noSuchSet } from '../../set/read.ts';
import { checkIdSchema } from '../checks/check-id.ts';

/** The id in the path; a malformed one names no set. */
export function setIdOf(request: HttpRequest): string {
  const id = checkIdSchema.safeParse(request.params['id']);
  if (id.success) return id.data;
  throw noSuchSet();
}
