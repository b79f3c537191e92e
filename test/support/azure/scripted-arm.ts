import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

/** An answer of the script. `{arm}` in a header or body stands for the server's own origin. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Milliseconds before the answer. */
  readonly afterMs?: number;
  /** `hang`: never answers; `drop`: closes the connection without an answer; `endless`: a body without an end. */
  readonly fault?: 'hang' | 'drop' | 'endless';
}

export interface ScriptedRoute {
  readonly method: string;
  /** The path; with a query where that must fit too. */
  readonly path: string;
  /** Given in order; the last one again and again. */
  readonly answers: readonly ScriptedAnswer[];
}

export interface RecordedRequest {
  readonly at: Date;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly hasToken: boolean;
}

export interface ScriptedArm {
  readonly url: URL;
  readonly origin: string;
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/** A real HTTP server on loopback that answers by script, and 418 to what is not in it. */
export async function scriptedArm(routes: readonly ScriptedRoute[]): Promise<ScriptedArm> {
  const requests: RecordedRequest[] = [];
  const asked = new Map<ScriptedRoute, number>();
  let origin = '';

  const next = (request: RecordedRequest): ScriptedAnswer => {
    const fits = ({ path, method }: ScriptedRoute) =>
      method === request.method && (path === request.url || path === request.url.split('?')[0]);
    const route = routes.find(fits);
    if (route === undefined) return { status: 418, body: `not in the script: ${request.method} ${request.url}` };
    const turn = asked.get(route) ?? 0;
    asked.set(route, turn + 1);
    return route.answers[Math.min(turn, route.answers.length - 1)] ?? { status: 418 };
  };

  const server = createServer((incoming, response) => {
    void record(incoming).then((request) => {
      requests.push(request);
      give(next(request), response, origin);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: new URL(origin),
    origin,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
  const at = new Date();
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = incoming;
  return {
    at,
    method,
    url,
    headers,
    body: Buffer.concat(chunks).toString(),
    hasToken: headers.authorization !== undefined,
  };
}

function give(answer: ScriptedAnswer, response: ServerResponse, origin: string): void {
  const { status = 200, headers = {}, body = '', afterMs = 0, fault } = answer;
  if (fault === 'hang') return;
  if (fault === 'drop') {
    response.destroy();
    return;
  }
  setTimeout(() => {
    const own = (text: string) => text.replaceAll('{arm}', origin);
    const filled = Object.entries(headers).map(([name, value]) => [name, own(value)] as const);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...Object.fromEntries(filled) });
    const bytes = typeof body === 'string' ? Buffer.from(own(body)) : body;
    if (fault === 'endless') Readable.from(endless()).pipe(response);
    else response.end(bytes);
  }, afterMs);
}

function* endless(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(64 * 1024, 'x');
}
