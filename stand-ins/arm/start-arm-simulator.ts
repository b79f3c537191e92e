import { randomBytes, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../server/read-body.ts';
import { startLoopbackServer } from '../server/start-loopback-server.ts';
import { type ArmAnswer, gatewayError } from './arm-answer.ts';
import { createOperations } from './operations.ts';
import { createPace } from './pace.ts';
import { createRateHeaders, type RateHeaders } from './rate-headers.ts';
import { createResourceGraph, noResourceGraph } from './resource-graph.ts';
import { kindOfRequest, routeRequest } from './route-request.ts';
import { createLocationSigner } from './signed-location.ts';
import type { Simulator } from './simulator.ts';
import { world } from './scenarios/world.ts';

/** How many requests the log keeps, the latest. */
const LOG = 10_000;

export interface ArmSimulator {
  /** For `ARM_ENDPOINT` */
  readonly url: string;
  /** The latest 10,000 requests, oldest first; paths without query, so without signatures. */
  readonly requests: readonly LoggedRequest[];
  /** Since the start: POSTs to connectivityCheck, polls of operations, all else, and of all these the unauthorized. */
  readonly counters: Readonly<Record<'checks' | 'polls' | 'reads' | 'unauthorized', number>>;
  stop(): Promise<void>;
}

interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** Milliseconds since 1970 */
  readonly at: number;
}

interface Options {
  /** Whether a bearer token opens the door; any token does by default. */
  readonly accepts?: (token: string) => boolean;
  /** How many times as fast as the real service; `Infinity`: an operation is over at its first poll. */
  readonly speed?: number;
  readonly port?: number;
  /** Signs the URLs of operations: a simulator with the same port and key goes on with those that another began. */
  readonly key?: string;
  /** Milliseconds since 1970 */
  readonly now?: () => number;
  /** At least 0, less than 1 */
  readonly random?: () => number;
  /** `false`: as where a tenant has it closed to the identity. */
  readonly resourceGraph?: boolean;
}

/** Azure Resource Manager as far as connectivity checks and their sources need it, in the dialect of the real one, for a made-up world. */
export async function startArmSimulator({
  accepts = () => true,
  speed = 1,
  port = 0,
  key = randomBytes(32).toString('hex'),
  now = Date.now,
  random = Math.random,
  resourceGraph = true,
}: Options = {}): Promise<ArmSimulator> {
  if (!(speed > 0)) throw new RangeError('Give a speed above 0; 1 is that of the real service.');
  const stopping = new AbortController();
  // Every POST that is held listens, and there is no limit to them.
  setMaxListeners(0, stopping.signal);
  const pace = createPace({ speed, random, signal: stopping.signal });
  const operations = createOperations({ now, newId: randomUUID, duration: (outcome) => pace.duration(outcome) });
  const locations = createLocationSigner({ now, key });
  const graph = resourceGraph ? createResourceGraph({ now }) : noResourceGraph;
  const shared = { world, now, pace, operations, locations, graph, refusals: new Map() };
  const requests: LoggedRequest[] = [];
  const counters = { checks: 0, polls: 0, reads: 0, unauthorized: 0 };
  const rates = createRateHeaders({ now });

  const server = await startLoopbackServer(async (request, response) => {
    const { method = '', url: pathAndQuery = '/' } = request;
    const url = new URL(pathAndQuery, server.url);
    requests.push({ method, path: url.pathname, at: now() });
    if (requests.length > LOG) requests.shift();
    counters[kindOfRequest(method, url.pathname)] += 1;
    const answer = await answerRequest({ ...shared, url: server.url }, accepts, request, url);
    if (answer.status === 401) counters.unauthorized += 1;
    send(response, answer, rates(method === 'GET' ? 'reads' : 'writes', url.pathname.split('/')[2] ?? ''));
  }, port);

  return {
    url: server.url,
    requests,
    counters,
    stop: async () => {
      stopping.abort();
      await server.stop();
    },
  };
}

async function answerRequest(
  simulator: Simulator,
  accepts: (token: string) => boolean,
  request: IncomingMessage,
  url: URL,
): Promise<ArmAnswer> {
  // Read before any answer: an answer that overtakes its request can be lost.
  const body = await readBody(request);
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token === undefined) return unauthorized('AuthenticationFailed', "The 'Authorization' header is missing.");
  if (!accepts(token)) return unauthorized('InvalidAuthenticationToken', 'The access token is invalid.');
  const apiVersion = url.searchParams.get('api-version');
  if (!apiVersion) {
    const message = 'The api-version query parameter (?api-version=) is required for all requests.';
    return gatewayError(400, 'MissingApiVersionParameter', message);
  }
  if (body === undefined) return gatewayError(413, 'RequestEntityTooLarge', 'The request is over 64 KiB.');
  const contentType = request.headers['content-type'] ?? '';
  const read = { url, pathAndQuery: request.url ?? '', apiVersion, body, contentType };
  return routeRequest(simulator, request.method ?? '', read);
}

function unauthorized(code: string, message: string): ArmAnswer {
  const answer = gatewayError(401, code, `Authentication failed. ${message}`);
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Bearer error="invalid_token"' } };
}

function send(response: ServerResponse, { status, headers, body }: ArmAnswer, rates: ReturnType<RateHeaders>): void {
  response.writeHead(status, {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': randomUUID(),
    'x-ms-correlation-request-id': randomUUID(),
    ...rates,
    ...headers,
  });
  response.end(body);
}
