import { Problem } from '../../contract/problem.ts';
import type { Caller, Via } from '../../contract/requester.ts';
import { readJson } from '../body/read-json.ts';
import type { Door } from '../door.ts';
import { scopeOf } from '../service/get-sign-in.ts';
import { isOwnOrigin } from './is-own-origin.ts';
import { mcpProblemAnswer } from './mcp-problem.ts';
import { metadataUrl } from './get-resource-metadata.ts';

type VerifyToken = (authorization: string | undefined, via: Via) => Promise<Caller>;

interface Place {
  readonly publicUrl: string;
  readonly audiences: readonly string[];
}

/** The door of MCP: the same tokens as at the API's, no page but the proxy's own, and errors as JSON-RPC has them. */
export function mcpDoor(verifyToken: VerifyToken, { publicUrl, audiences }: Place): Door {
  const challenge = `Bearer resource_metadata="${metadataUrl(publicUrl)}", scope="${scopeOf(audiences)}"`;
  return {
    authenticate: ({ headers }) => {
      if (!isOwnOrigin(headers.get('origin'), publicUrl)) throw foreignOrigin();
      return verifyToken(headers.get('authorization') ?? undefined, 'mcp');
    },
    readBody: readJson,
    answerProblem: (problem, requestId) => mcpProblemAnswer(challenge, problem, requestId),
  };
}

const foreignOrigin = (): Problem =>
  new Problem('ForeignOrigin', 'A page of another origin may not call the proxy: use a client that is no web page.');
