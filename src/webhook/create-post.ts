import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Message, Post, PostOutcome } from '../notify/ports/post.ts';
import { callbackKey } from './callback-secret.ts';
import type { ResolveHost } from './resolve-host.ts';

interface PostDeps {
  readonly resolve: ResolveHost;
  /** Each signs, so that a receiver may know either while one is rotated. */
  readonly secrets: readonly Buffer[];
  readonly now: () => Date;
  /** Of a whole try, look-up included. */
  readonly timeoutMilliseconds: number;
  /** Certificates that are trusted in place of the public ones. */
  readonly ca?: string;
}

/** Of an answer nothing but its status is of use; an end of it is awaited, so that the receiver sees no broken connection. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** Posts messages, signed as Standard Webhooks say, to addresses that were judged before they were connected to. */
export function createPost(deps: PostDeps): Post {
  return async (message) => {
    const signal = AbortSignal.timeout(deps.timeoutMilliseconds);
    try {
      const addresses = await orAborted(signal, deps.resolve(hostOf(message.url)));
      if (addresses.length === 0) return { kind: 'failed', cause: 'The name has no address.' };
      const denied = addresses.map(message.deniedAddress).find((why) => why !== undefined);
      if (denied !== undefined) return { kind: 'failed', cause: denied };
      return await send(deps, message, addresses, signal);
    } catch (error) {
      return { kind: 'failed', cause: causeOf(error) };
    }
  };
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/**
 * The connection is handed the addresses that were judged, so no second look-up can name another one. No agent: neither a
 * connection of another message nor a proxy is used.
 */
async function send(
  deps: PostDeps,
  message: Message,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<PostOutcome> {
  const { url, body } = message;
  const options: RequestOptions & { ca?: string } = {
    method: 'POST',
    agent: false,
    lookup: judged(addresses),
    signal,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'connectivity-check-proxy',
      ...signatureOf(deps, message),
    },
    ...(deps.ca !== undefined && { ca: deps.ca }),
  };
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
  // What breaks after the answer's head changes nothing; what breaks before is told by `answerTo`.
  request.on('error', () => undefined);
  const answered = answerTo(request);
  request.end(body);
  const response = await answered;
  // The status is known, whatever its end comes to.
  await Promise.allSettled([readAway(response)]);
  return { kind: 'answered', status: response.statusCode ?? 0 };
}

/** Answers a connection's look-up with what was looked up and judged. */
const judged =
  (addresses: readonly string[]): LookupFunction =>
  (_host, { all }, callback) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    const [first] = found;
    if (all || !first) callback(null, found);
    else callback(null, first.address, first.family);
  };

function signatureOf({ secrets, now }: PostDeps, { url, id, body }: Message): Record<string, string> {
  const time = now();
  const signatures = secrets.map((secret) => new Webhook(callbackKey(secret, url.origin)).sign(id, time, body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(time.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}

const answerTo = (request: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });

async function readAway(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of response.iterator()) {
    bytes += chunk instanceof Uint8Array ? chunk.length : 0;
    if (bytes > MAX_ANSWER_BYTES) return;
  }
}

/** The system's look-up knows no end of its own. */
async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = once(signal, 'abort').then((): never => {
    throw signal.reason;
  });
  return Promise.race([work, aborted]);
}

/** A code such as `ECONNREFUSED`: messages of the network may quote what is secret. */
function causeOf(error: unknown): string {
  if (error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name)) return 'No answer came in time.';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'The connection broke.';
}
