import type { Caller } from '../../contract/requester.ts';
import type { OwnCheckIds } from '../ports/own-check-ids.ts';
import { noSuchCheck } from '../read.ts';
import { meantId, NEWEST } from './meant-id.ts';

export interface FindIdDeps {
  readonly ownCheckIds: OwnCheckIds;
}

/** The id of a check that is meant, which may be shortened. Throws as `meantId` does. */
export const findId = ({ ownCheckIds }: FindIdDeps, { requester }: Caller, given: string): Promise<string> =>
  meantId({ what: 'checks', newest: () => ownCheckIds(requester.id, NEWEST), none: noSuchCheck }, given);
