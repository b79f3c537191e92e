import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface ScriptedServer {
  readonly url: string;
  /** What came, with the token that came with it. */
  readonly asked: { readonly path: string; readonly authorization: string | undefined }[];
  /** By path without its query; what is not there is 404. */
  readonly answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void>;
  /** What came, and what is answered. */
  readonly forget: () => void;
  stop(): Promise<void>;
}

export const sends =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

/** A server that is anybody's, on loopback. */
export async function startScripted(answers: ScriptedServer['answers'] = {}): Promise<ScriptedServer> {
  const asked: ScriptedServer['asked'] = [];
  let known = answers;
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
    const answer = known[new URL(request.url ?? '/', 'http://any').pathname];
    (answer ?? sends({ error: { code: 'NotFound', message: 'Nothing is here.' } }, 404))(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get answers() {
      return known;
    },
    forget: () => {
      asked.length = 0;
      known = {};
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
