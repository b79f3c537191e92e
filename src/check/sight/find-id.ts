import type { Caller } from '../../contract/requester.ts';
import { Problem } from '../../contract/problem.ts';
import type { OwnCheckIds } from '../ports/own-check-ids.ts';
import { noSuchCheck } from '../read.ts';

export interface FindIdDeps {
  readonly ownCheckIds: OwnCheckIds;
}

const NEWEST = 200;
const WHOLE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHORT = /^[0-9a-f]{8}[0-9a-f-]{0,27}$/;

/**
 * The id that is meant by a whole one, or by its first 8 or more characters where these are of one of the caller's own
 * newest 200 checks. Letter case does not count. Throws `NotFound`, `StorageUnavailable`, and `InvalidRequest` where
 * several begin so.
 */
export async function findId({ ownCheckIds }: FindIdDeps, { requester }: Caller, given: string): Promise<string> {
  const id = given.toLowerCase();
  if (WHOLE.test(id)) return id;
  if (!SHORT.test(id)) throw noSuchCheck();
  const [found, ...more] = (await ownCheckIds(requester.id, NEWEST)).filter((own) => own.startsWith(id));
  if (found === undefined) throw noSuchCheck();
  if (more.length === 0) return found;
  throw new Problem('InvalidRequest', 'Several of your checks have an id that begins so: give more of it.', {
    target: 'id',
    details: [found, ...more].map((each) => ({ code: 'InvalidValue', message: `It may be ${each}.`, target: 'id' })),
  });
}
