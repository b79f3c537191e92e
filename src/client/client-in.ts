import { readBase } from './address.ts';
import { createCalls } from './calls.ts';
import type { Client, ClientOptions } from './client.ts';
import { createSend } from './send.ts';
import type { World } from './world.ts';

/** A client where time, chance and ids are the world's. Throws `TypeError` for options that are not usable. */
export function clientIn(world: World, { url, getToken, fetch: given, agent }: ClientOptions): Client {
  if (agent !== undefined && !/^[\x21-\x7e]{1,100}$/.test(agent))
    throw new TypeError('agent: give visible ASCII without blanks, such as cli/1.2.3.');
  const base = readBase(url);
  // Browsers refuse their fetch as a method of something else.
  const send = createSend({ ...world, base, getToken, fetch: (...sent) => (given ?? fetch)(...sent), agent });
  return createCalls({ ...world, base, send });
}
