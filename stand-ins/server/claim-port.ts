import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Finds out early whether a port of this machine is free, before anything is started that needs it; 0 finds a free
 * one. Throws, saying what to do about the setting that it is from, where it is taken.
 */
export async function claimPort(port: number, setting = 'PORT'): Promise<number> {
  // What the system hands out it could hand out again, to any connection, before we listen.
  if (port === 0) return claimLastingPort();
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(
      `Port ${port} is not free: stop what uses it, or set ${setting} to another one, as in ${setting}=${(port % 65_535) + 1} npm start.`,
      { cause: error },
    );
  }
  server.close();
  await once(server, 'close');
  return port;
}

/** Below the ports that systems hand out to whoever asks for any. */
const LASTING = { least: 20_000, most: 32_000 };

/** A free port that nobody gets by chance, so that it is likely to be free at the next start too. */
export async function claimLastingPort(): Promise<number> {
  for (;;) {
    const port = randomInt(LASTING.least, LASTING.most);
    if (await isFree(port)) return port;
  }
}

/** Whether a port of this machine is free. */
export const isFree = (port: number): Promise<boolean> =>
  claimPort(port).then(
    () => true,
    () => false,
  );
