import type { SubmitDeps } from '../check/submit.ts';
import { idOfKey } from '../check/state/check-id.ts';
import type { Requester } from '../contract/requester.ts';

/** The id of the check that a set's member becomes at its turn: made from its place in the set, so that it is one check however often its turn is begun. */
export const memberIdOf = async (
  { idSecret }: Pick<SubmitDeps, 'idSecret'>,
  requester: Requester,
  setId: string,
  index: number,
): Promise<string> => idOfKey(await idSecret(), { requester, call: 'member', key: `${setId}/${index}` });
