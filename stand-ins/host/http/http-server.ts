import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Invoke } from '../create-invoke.ts';
import { isReserved, type FindRoute } from './http-routes.ts';
import type { ManualListener } from '../listener.ts';
import { errorText, type Log } from '../log.ts';
import { readUrl } from './read-url.ts';
import { runByHand } from '../run-by-hand.ts';
import { runHttpFunction, type Exchange, type HttpLimits } from './run-http-function.ts';
import { writeStatus } from './write-answer.ts';

/** Answers and says true, or leaves the request to the next. */
export type LocalRoute = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean>;

interface Deps {
  readonly findRoute: FindRoute;
  readonly manual: readonly ManualListener[];
  readonly localRoutes: readonly LocalRoute[];
  readonly invoke: Invoke;
  readonly limits: HttpLimits;
  readonly log: Log;
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The host's HTTP server, on loopback only. */
export function createHttpServer(deps: Deps) {
  const running = new Set<Promise<void>>();
  let ended: Promise<unknown> | undefined;
  // As much header as Kestrel takes, the server in front of functions in Azure.
  const server = createServer({ maxHeaderSize: 32 * 1024 }, (request, response) => {
    if (ended) {
      response.setHeader('connection', 'close').writeHead(503).end();
      return;
    }
    const answered = answer(deps, request, response).finally(() => running.delete(answered));
    running.add(answered);
  });
  return {
    /** Resolves with the port, also where 0 was asked. */
    async listen(port: number): Promise<number> {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      return typeof address === 'object' && address ? address.port : port;
    },
    async stop(): Promise<void> {
      ended = once(server, 'close');
      server.close();
      await Promise.all(running);
    },
    /** Drops what is still connected; after `stop`. */
    async close(): Promise<void> {
      server.closeAllConnections();
      await ended;
    },
  };
}

async function answer(deps: Deps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = readUrl(request);
    if (url) await dispatch(deps, { request, response, url });
    else writeStatus(response, 400);
  } catch (error) {
    const gone = request.errored !== null;
    const message = gone ? 'A client left before its request was read.' : 'A request could not be answered.';
    deps.log({ level: gone ? 'debug' : 'error', message, error: errorText(error) });
    writeStatus(response, 500);
  }
}

async function dispatch(deps: Deps, exchange: Exchange): Promise<void> {
  const { request, response, url } = exchange;
  // A page in a browser can have its own name resolve to loopback; what is only local is not for it.
  const local = loopbackNames.has(url.hostname);
  if (url.pathname.startsWith('/.local/') && local) {
    for (const route of deps.localRoutes) if (await route(request, response, url)) return;
  }
  if (isReserved(url.pathname)) {
    await runByHand(local ? deps.manual : [], exchange);
    return;
  }
  const matched = deps.findRoute(request.method ?? 'GET', url.pathname);
  if (matched) await runHttpFunction(deps, matched, exchange);
  else writeStatus(response, 404);
}
