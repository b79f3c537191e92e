import type { Listener } from './listener.ts';
import type { Exchange } from './http/answer-by-function.ts';
import { isFromThisMachine } from './http/from-this-machine.ts';
import { writeStatus } from './http/write-answer.ts';

interface Deps {
  readonly listeners: readonly Listener[];
  /** Without one nobody may. */
  readonly masterKey: string | undefined;
}

/**
 * The host's own paths, for who sends its master key as `x-functions-key`: `POST /admin/functions/{name}` runs a timer's
 * function, and is answered with 202 at once. The promise ends with the run.
 */
export async function runByHand({ listeners, masterKey }: Deps, { request, response, url }: Exchange): Promise<void> {
  if (masterKey === undefined || request.headers['x-functions-key'] !== masterKey) {
    writeStatus(response, 401);
    return;
  }
  if (!isFromThisMachine(request, url)) {
    writeStatus(response, 403);
    return;
  }
  const name = /^\/admin\/functions\/([\w-]+)$/i.exec(url.pathname)?.[1]?.toLowerCase();
  const listener = listeners.find((candidate) => candidate.name.toLowerCase() === name);
  if (request.method !== 'POST' || !listener?.runByHand) {
    writeStatus(response, 404);
    return;
  }
  writeStatus(response, 202);
  await listener.runByHand().catch(() => {
    // Invoke has logged it, and the answer has been given.
  });
}
