import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const suite = fileURLToPath(
  new URL('../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);
const forOlderNode = fileURLToPath(new URL('fs-of-node-22.js', import.meta.url));

/** The suite knows no token: what stands before the app adds one, and nothing else. */
export async function tokenBefore(app: string, token: string) {
  const server = createServer((incoming, answer) => {
    const sent = request(
      `${app}${incoming.url ?? ''}`,
      { method: incoming.method, headers: { ...incoming.headers, authorization: `Bearer ${token}` } },
      (come) => {
        answer.writeHead(come.statusCode ?? 502, come.headers);
        come.pipe(answer);
      },
    );
    sent.on('error', () => answer.destroy());
    incoming.pipe(sent);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Runs what a revision requires of a server; all but what the file names has to be so, and what it names must not. */
export function conforms(url: string, revision: string, exceptions: string, folder: string) {
  const asked = ['server', '--url', `${url}/mcp`, '--requirements', revision, '--expected-failures', exceptions];
  return new Promise<{ readonly code: number; readonly said: string }>((resolve) => {
    const args = ['--import', forOlderNode, suite, ...asked, '--output-dir', folder];
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 10_000_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, said: stdout + stderr });
    });
  });
}
