import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { answerByFunction, type Answered, type Exchange, type HttpLimits } from './answer-by-function.ts';
import type { Invoke } from '../create-invoke.ts';
import { isFromThisMachine } from './from-this-machine.ts';
import { isReserved, type FindRoute } from './http-routes.ts';
import type { Listener } from '../listener.ts';
import { errorText, type Log } from '../log.ts';
import { readUrl } from './read-url.ts';
import { refuseHead } from './refuse-head.ts';
import { runByHand } from '../run-by-hand.ts';
import { writeStatus } from './write-answer.ts';

/** Answers and says true, or leaves the request to the next. */
export type LocalRoute = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean>;

interface Deps {
  readonly findRoute: FindRoute;
  readonly listeners: readonly Listener[];
  readonly masterKey: string | undefined;
  readonly localRoutes: readonly LocalRoute[];
  readonly invoke: Invoke;
  readonly limits: HttpLimits;
  readonly onAnswered: (answered: Answered) => void;
  /** Serves https too. */
  readonly tls?: TlsOptions | undefined;
  readonly log: Log;
}

export interface TlsOptions {
  readonly port: number;
  /** Both in PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** More than `refuseHead` lets pass, so that it is the one to say what is too much. */
const MAX_HEAD_BYTES = 256 * 1024;

/** The host's HTTP server, on loopback only, and beside it one for https where there is a certificate. */
export function createHttpServer(deps: Deps) {
  const { tls } = deps;
  const running = new Set<Promise<void>>();
  const ended: Promise<unknown>[] = [];
  const listener: RequestListener = (request, response) => {
    if (ended.length > 0) {
      response.setHeader('connection', 'close').writeHead(503).end();
      return;
    }
    const answered = answer(deps, request, response).finally(() => running.delete(answered));
    running.add(answered);
  };
  const plain = createServer({ maxHeaderSize: MAX_HEAD_BYTES }, listener);
  const secure =
    tls && createTlsServer({ maxHeaderSize: MAX_HEAD_BYTES, cert: tls.certificate, key: tls.key }, listener);
  const servers = [plain, ...(secure ? [secure] : [])];
  return {
    /** Resolves with the port, also where 0 was asked. */
    async listen(port: number): Promise<number> {
      const [taken] = await Promise.all([listenAt(plain, port), ...(secure ? [listenAt(secure, tls.port)] : [])]);
      return taken;
    },
    async stop(): Promise<void> {
      for (const server of servers) {
        ended.push(once(server, 'close'));
        server.close();
      }
      await Promise.all(running);
    },
    /** Drops what is still connected; after `stop`. */
    async close(): Promise<void> {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(ended);
    },
  };
}

async function listenAt(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

async function answer(deps: Deps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const refused = refuseHead(request);
    const url = readUrl(request);
    if (url && !refused) await dispatch(deps, { request, response, url });
    else writeStatus(response, refused ?? 400);
  } catch (error) {
    const gone = request.errored !== null;
    const message = gone ? 'A client left before its request was read.' : 'A request could not be answered.';
    deps.log({ level: gone ? 'debug' : 'error', message, error: errorText(error) });
    writeStatus(response, 500);
  }
}

async function dispatch(deps: Deps, exchange: Exchange): Promise<void> {
  const { request, response, url } = exchange;
  if (isReserved(url.pathname)) {
    await runByHand(deps, exchange);
    return;
  }
  if (url.pathname.startsWith('/.local/')) {
    if (!isFromThisMachine(request, url)) {
      writeStatus(response, 403);
      return;
    }
    for (const route of deps.localRoutes) if (await route(request, response, url)) return;
  }
  const matched = deps.findRoute(request.method ?? 'GET', url.pathname);
  if (matched) await answerByFunction(deps, matched, exchange);
  // The host's home page, which the app switches off.
  else writeStatus(response, request.method === 'GET' && url.pathname === '/' ? 204 : 404);
}
