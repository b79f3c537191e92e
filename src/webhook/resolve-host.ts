import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Every IP address of a host, as the machine would connect to it; of an address itself. Throws where there is none. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

export const resolveHost: ResolveHost = async (host) =>
  isIP(host) === 0 ? (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address) : [host];
