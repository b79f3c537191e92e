import type { Caller, Via } from '../../contract/requester.ts';
import { readJson } from '../body/read-json.ts';
import type { Door } from '../door.ts';
import { armProblemAnswer } from './arm-problem.ts';

type VerifyToken = (authorization: string | undefined, via: Via) => Promise<Caller>;

/** The door of ARM's own routes: the same tokens as at the API's, and errors as the clients of Azure Resource Manager read them. */
export const armDoor = (verifyToken: VerifyToken): Door => ({
  authenticate: ({ headers }) => verifyToken(headers.get('authorization') ?? undefined, 'arm'),
  readBody: readJson,
  answerProblem: armProblemAnswer,
});
