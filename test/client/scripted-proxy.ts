import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientOptions } from '../../src/client/client.ts';
import { clientIn } from '../../src/client/client-in.ts';
import { world } from '../../src/client/world.ts';
import { readBody } from '../../stand-ins/server/read-body.ts';
import { startLoopbackServer } from '../../stand-ins/server/start-loopback-server.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, but for a text, which is sent as it is. */
  readonly body?: unknown;
  /** The connection breaks in place of an answer. */
  readonly breaks?: boolean;
  /** There is no answer until the client gives up. */
  readonly hangs?: boolean;
}

/** A server on loopback that answers as a script says, and knows what it was asked. */
export async function scriptedProxy(script: (asked: Asked, count: number) => Said | Promise<Said>) {
  const asked: Asked[] = [];
  const server = await startLoopbackServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const one = { method, path: url, headers, body: (await readBody(request)) ?? '' };
    asked.push(one);
    say(response, await script(one, asked.length));
  });
  const pauses: number[] = [];
  return {
    ...server,
    asked,
    /** How long the client slept, in seconds; it did not really. */
    pauses,
    /** `PATH` of each request. */
    paths: () => asked.map(({ method, path }) => `${method} ${path}`),
    client: (options: Partial<ClientOptions> = {}) =>
      clientIn(
        {
          ...world,
          random: () => 0.5,
          sleep: (milliseconds, signal) => {
            pauses.push(milliseconds / 1000);
            return world.sleep(0, signal);
          },
        },
        { url: server.url, getToken: () => 'secret-token', ...options },
      ),
  };
}
export type ScriptedProxy = Awaited<ReturnType<typeof scriptedProxy>>;

function say(response: ServerResponse, { status = 200, headers = {}, body = {}, breaks, hangs }: Said): void {
  if (hangs) return;
  if (breaks) {
    response.destroy();
    return;
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  // A connection that is kept can be closed while the next request is on its way, which the client would ask again.
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers }).end(text);
}

/** An error as the proxy answers it. */
export const refusal = (status: number, code: string, headers: Record<string, string> = {}): Said => ({
  status,
  headers: { 'x-ms-error-code': code, 'x-ms-request-id': 'request-1', ...headers },
  body: { error: { code, message: `It is ${code}.`, requestId: 'request-1' } },
});
