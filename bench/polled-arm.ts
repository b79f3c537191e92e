import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { startLoopbackServer } from '../stand-ins/server/start-loopback-server.ts';

/** As long as Azure's own, which is kept in every check that runs. */
const SIGNATURE = 'x'.repeat(3100);
/** Where to poll next: the first poll is 1. */
export const operationUrlOf = (armUrl: string, path: string, poll: number): string =>
  `${armUrl}${path}?poll=${poll}&s=${SIGNATURE}`;

const result = readFileSync(new URL('../test/fixtures/connectivity/reachable.json', import.meta.url), 'utf8');

export interface PolledArm {
  readonly url: string;
  /** Polls that were answered with 202 so far. */
  readonly running: () => number;
  stop(): Promise<void>;
}

/**
 * ARM whose every operation is running at its first poll and over at its second. It keeps nothing, so that its own
 * memory and time do not count. The waits are in seconds.
 */
export async function startPolledArm(waits: { first: () => number; second: () => number }): Promise<PolledArm> {
  let running = 0;
  const server = await startLoopbackServer(async (request, response) => {
    request.resume();
    await once(request, 'end');
    const at = new URL(request.url ?? '/', server.url);
    const poll = Number(at.searchParams.get('poll') ?? 0);
    if (poll === 1) running++;
    if (poll === 2) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(result);
      return;
    }
    const path = poll === 0 ? `/operationResults/${randomUUID()}` : at.pathname;
    const location = operationUrlOf(server.url, path, poll + 1);
    const seconds = Math.max(1, Math.ceil(poll === 0 ? waits.first() : waits.second()));
    response.writeHead(202, { location, 'retry-after': String(seconds) }).end('null');
  });
  return { url: server.url, running: () => running, stop: () => server.stop() };
}
