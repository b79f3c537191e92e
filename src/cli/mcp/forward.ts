import { addressUnder, type Base } from '../../client/address.ts';
import { causeOf } from '../../rendering/cause-of.ts';
import { visible } from '../../rendering/visible.ts';
import { asCliError } from '../cli-error.ts';
import { messagesIn, messageOf, type RpcMessage } from './rpc-message.ts';
import { headersOf } from './headers-of.ts';

interface Deps {
  readonly base: Base;
  readonly getToken: () => Promise<string>;
  readonly fetch: typeof fetch;
  /** What the program is, such as `cli/1.2.3`. */
  readonly agent: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Hands one message to the proxy, and answers what comes back: nothing for a notification, mostly one message. */
export type Forward = (message: unknown) => Promise<readonly unknown[]>;

/** The proxy answers within half a minute, unless names have to be looked up first. */
const ANSWER_MILLISECONDS = 120_000;
const SERVER_ERROR = -32_000;

/** What clients before 2026-07-28 say once, at their begin. */
interface Begun {
  version?: string | undefined;
  client?: unknown;
}

/**
 * A way from standard input to the proxy's MCP server, which knows no sessions: what a client says of itself only once goes
 * with each of its messages.
 */
export function createForward(deps: Deps): Forward {
  const begun: Begun = {};
  const underWay = new Map<unknown, AbortController>();

  const cancel = (message: RpcMessage): readonly unknown[] => {
    underWay.get(message.params?.requestId)?.abort();
    return [];
  };

  const answersTo = async (given: unknown, message: RpcMessage | undefined, stopped: AbortSignal) => {
    if (message?.method === 'initialize') begun.client = message.params?.clientInfo;
    const signal = AbortSignal.any([deps.signal, stopped, AbortSignal.timeout(ANSWER_MILLISECONDS)]);
    const answers = await send(deps, withClient(given, message, begun), headersOf(message, begun.version), signal);
    if (message?.method === 'initialize') begun.version = messageOf(answers[0])?.result?.protocolVersion;
    return answers.map((each) => withId(each, message));
  };

  return async (given) => {
    const message = messageOf(given);
    if (message?.method === 'notifications/cancelled') return cancel(message);
    const id = message?.id;
    const stop = new AbortController();
    if (id !== undefined) underWay.set(id, stop);
    try {
      return await answersTo(given, message, stop.signal);
    } catch (error) {
      // Who cancels is told nothing any more, and a notification has no answer.
      const isSilent = stop.signal.aborted || (message !== undefined && id === undefined);
      return isSilent ? [] : [errorAnswer(id, whyNone(deps.base, error))];
    } finally {
      underWay.delete(id);
    }
  };
}

async function send(
  { base, getToken, fetch, agent }: Deps,
  message: unknown,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const answer = await fetch(addressUnder(base, '/mcp'), {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${await getToken()}`, 'x-netcheck-client': agent },
    body: JSON.stringify(message),
    signal,
  });
  const { status } = answer;
  const come = messagesIn(answer.headers.get('content-type'), await answer.text());
  if (status === 202 || come.length > 0) return status === 401 ? come.map(withAdvice) : come;
  throw new Error(`it answered ${status}, and no message of MCP`);
}

/** Older clients say who they are at their begin alone, and the proxy keeps nothing: the audit is to have it all the same. */
function withClient(given: unknown, message: RpcMessage | undefined, { client }: Begun): unknown {
  if (!message || client === undefined || message.method !== 'tools/call') return given;
  const { params } = message;
  const meta = { 'io.modelcontextprotocol/clientInfo': client, ...params?._meta };
  return { ...message, params: { ...params, _meta: meta } };
}

/** What is refused before the message is looked at has no id of it. */
function withId(answer: unknown, message: RpcMessage | undefined): unknown {
  const rpc = messageOf(answer);
  return rpc?.error && (rpc.id ?? null) === null && message?.id !== undefined ? { ...rpc, id: message.id } : answer;
}

function withAdvice(answer: unknown): unknown {
  const rpc = messageOf(answer);
  if (!rpc?.error) return answer;
  const { error } = rpc;
  return { ...rpc, error: { ...error, message: `${error.message} To sign in: netcheck login.` } };
}

function whyNone({ origin }: Base, error: unknown): string {
  const { exit, message } = asCliError(error);
  return exit === 4 ? message : `The proxy at ${visible(origin)} gave no answer: ${causeOf(error)}.`;
}

const errorAnswer = (id: unknown, message: string) => ({
  jsonrpc: '2.0',
  id: id ?? null,
  error: { code: SERVER_ERROR, message },
});
