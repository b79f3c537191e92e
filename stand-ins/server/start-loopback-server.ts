import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface LoopbackServer {
  /** `http://127.0.0.1:{port}`, without a slash at the end. */
  readonly url: string;
  /** Closes every connection, also those that wait for an answer. */
  stop(): Promise<void>;
}

/** An HTTP server that only this machine can reach. Port 0 lets the system choose; throws where the port is taken. */
export async function startLoopbackServer(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port = 0,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // A fault of ours is told to whom it meets: there is no log here. Nothing is sent where the connection is gone.
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(String(error));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port; start it again.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () => stop(server),
  };
}

async function stop(server: ReturnType<typeof createServer>) {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
