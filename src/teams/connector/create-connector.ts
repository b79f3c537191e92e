import { z } from 'zod';
import { waitIn } from '../../arm/retry-after.ts';
import type { Address, Connector, Sent, TeamsMessage } from '../ports/connector.ts';
import { isServiceUrl } from '../is-service-url.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { textUpTo } from './text-up-to.ts';

/** A token for the Bot Connector, from a cache where there is one; never the refused one. */
export type GetBotToken = (signal: AbortSignal, refused?: { readonly token: string }) => Promise<string>;

/** Of the tokens with which a bot writes to Teams. */
export const CONNECTOR_SCOPE = 'https://api.botframework.com/.default';

export interface ConnectorDeps {
  readonly getToken: GetBotToken;
  /** `host[:port]` of the service URLs that the token may be sent to. */
  readonly serviceHosts: readonly string[];
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => Date;
  /** For token, call and body together. */
  readonly timeoutMs: number;
}

const MAX_ANSWER_BYTES = 64 * 1024;

const answerSchema = z.object({ id: z.string().min(1).max(512) });

interface Call {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  readonly body: string;
}

/** Writes to Teams by the Bot Connector, one bounded call at a time; redirects are not followed. */
export function createConnector(deps: ConnectorDeps): Connector {
  return {
    post: ({ replyToId, ...to }, message) => {
      const answered = replyToId === undefined ? '' : `/${encodeURIComponent(replyToId)}`;
      return send(deps, to, { method: 'POST', path: answered, body: activityOf(message, to, replyToId) });
    },
    put: async (to, activityId, message) => {
      const path = `/${encodeURIComponent(activityId)}`;
      const sent = await send(deps, to, { method: 'PUT', path, body: activityOf(message, to) });
      // An update may be answered without an id.
      return sent.kind === 'sent' ? { ...sent, activityId } : sent;
    },
  };
}

const activityOf = ({ card, summary }: TeamsMessage, { conversationId }: Address, replyToId?: string): string =>
  JSON.stringify({
    type: 'message',
    conversation: { id: conversationId },
    ...(replyToId !== undefined && { replyToId }),
    summary,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
  });

interface Errand {
  readonly method: Call['method'];
  /** Behind the conversation's activities. */
  readonly path: string;
  readonly body: string;
}

async function send(deps: ConnectorDeps, to: Address, { method, path, body }: Errand): Promise<Sent> {
  // It was checked when it came, and has been in storage since.
  if (!isServiceUrl(to.serviceUrl, deps.serviceHosts))
    return { kind: 'failed', cause: 'The service URL is not among TEAMS_SERVICE_HOSTS.' };
  const base = `${to.serviceUrl.replace(/\/+$/, '')}/v3/conversations/${encodeURIComponent(to.conversationId)}`;
  const signal = AbortSignal.timeout(deps.timeoutMs);
  try {
    return await exchange(deps, { method, url: `${base}/activities${path}`, body }, signal);
  } catch (error) {
    return { kind: 'failed', cause: causeOf(error) };
  }
}

async function exchange(deps: ConnectorDeps, call: Call, signal: AbortSignal): Promise<Sent> {
  const token = await tokenFrom(deps, signal);
  if (token === undefined) return noToken;
  const response = await ask(deps, call, token, signal);
  if (response.status !== 401) return sentOf(response, deps.now(), signal);
  await response.body?.cancel();
  // It was refused before anything was done, so that it can be sent again at once.
  const renewed = await tokenFrom(deps, signal, { token });
  if (renewed === undefined) return noToken;
  return sentOf(await ask(deps, call, renewed, signal), deps.now(), signal);
}

const noToken: Sent = { kind: 'failed', cause: 'There is no token for the Bot Connector.' };

/** Why there is none is in nothing that is kept: such an error may quote what it was given. */
async function tokenFrom(
  { getToken }: ConnectorDeps,
  signal: AbortSignal,
  refused?: { readonly token: string },
): Promise<string | undefined> {
  try {
    const token = await getToken(signal, refused);
    return /^[\x21-\x7e]+$/.test(token) && token !== refused?.token ? token : undefined;
  } catch {
    return undefined;
  }
}

const ask = ({ fetch }: ConnectorDeps, { method, url, body }: Call, token: string, signal: AbortSignal) =>
  fetch(url, {
    ...{ method, body, redirect: 'manual', signal },
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
  });

async function sentOf(response: Response, now: Date, signal: AbortSignal): Promise<Sent> {
  const { status, headers } = response;
  if (status >= 200 && status < 300) {
    const answer = answerSchema.safeParse(jsonOf(await textUpTo(MAX_ANSWER_BYTES, response, signal)));
    // Without an id the message stands, and cannot be replaced.
    return { kind: 'sent', activityId: answer.data?.id ?? '' };
  }
  await response.body?.cancel();
  if (status === 404) return { kind: 'gone' };
  return { kind: 'failed', cause: `Teams answered ${status}.`, retryAfterSeconds: waitIn(headers, now) };
}

/** A code such as `ECONNREFUSED`: messages of the network may quote what is secret. */
function causeOf(error: unknown): string {
  if (error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name)) return 'No answer came in time.';
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? `The connection broke (${code}).` : 'The connection broke.';
}
