import { Problem } from '../../contract/problem.ts';

/** How many of the caller's own a shortened id may be of. */
export const NEWEST = 200;

/** What an id is of. */
export interface Ids {
  readonly what: 'checks' | 'sets';
  /** The newest of the caller's own. */
  readonly newest: () => Promise<readonly string[]>;
  /** What names nothing is, to the caller. */
  readonly none: () => Problem;
}

const WHOLE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHORT = /^[0-9a-f]{8}[0-9a-f-]{0,27}$/;

/**
 * The id that is meant by a whole one, or by its first 8 or more characters where these are of one of the caller's own
 * newest. Letter case does not count. Throws `NotFound`, `StorageUnavailable`, and `InvalidRequest` where several begin so.
 */
export async function meantId({ what, newest, none }: Ids, given: string): Promise<string> {
  const id = given.toLowerCase();
  if (WHOLE.test(id)) return id;
  if (!SHORT.test(id)) throw none();
  const [found, ...more] = (await newest()).filter((own) => own.startsWith(id));
  if (found === undefined) throw none();
  if (more.length === 0) return found;
  throw new Problem('InvalidRequest', `Several of your ${what} have an id that begins so: give more of it.`, {
    target: 'id',
    details: [found, ...more].map((each) => ({ code: 'InvalidValue', message: `It may be ${each}.`, target: 'id' })),
  });
}
