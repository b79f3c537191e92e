import type { Caller, Via } from '../contract/requester.ts';
import type { Door } from './door.ts';
import { problemAnswer } from './problem-answer.ts';
import { readJson } from './body/read-json.ts';

type VerifyToken = (authorization: string | undefined, via: Via) => Promise<Caller>;

/** The door of the HTTP API: a bearer token, JSON, and the API's own errors. The CLI and the page come in by it. */
export function httpDoor(verifyToken: VerifyToken): Door {
  return {
    authenticate: async ({ headers }) => {
      const caller = await verifyToken(headers.get('authorization') ?? undefined, 'http');
      const agent = agentOf(headers.get('x-netcheck-client'));
      return agent === undefined ? caller : { ...caller, requester: { ...caller.requester, agent } };
    },
    readBody: readJson,
    answerProblem: problemAnswer,
  };
}

/** Our own clients say what they are, such as `cli/1.2.3`. It is kept and believed for nothing. */
const agentOf = (client: string | null): string | undefined =>
  client !== null && /^(?:cli|web)\/[A-Za-z0-9.+-]{1,40}$/.test(client) ? client : undefined;
