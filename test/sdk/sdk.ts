import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { request as askPlainly } from 'node:http';
import { createServer } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Pair } from '../../stand-ins/arm/scenarios/pair.ts';
import { world } from '../../stand-ins/arm/scenarios/world.ts';

/** Majors of @azure/arm-network: the last of each generation that is in use, and the newest. */
export type Version = '33' | '36' | '39';

const folderOf = (version: Version): string =>
  fileURLToPath(new URL(`node_modules/arm-network-${version}`, import.meta.url));

/** `npm ci --prefix test/sdk` installs them. */
export const isInstalled = (version: Version): boolean => existsSync(folderOf(version));

const load = createRequire(import.meta.url);

interface Poller {
  toString(): string;
  /** Of the newer generation. */
  serialize(): Promise<string>;
}
interface Client {
  readonly pipeline: { addPolicy(policy: object, options: object): void };
  readonly networkWatchers: {
    beginCheckConnectivity(group: string, name: string, parameters: object, options?: object): Promise<Poller>;
    beginCheckConnectivityAndWait(group: string, name: string, parameters: object, options?: object): Promise<unknown>;
    listAll(): AsyncIterable<{ readonly name?: string }>;
  };
}
interface Library {
  readonly NetworkManagementClient: new (credential: object, subscription: string, options: object) => Client;
}

/** The library as it is published. What is used of its types stands here, so that the tests can be read where it is not installed. */
export const libraryOf = (version: Version): Library => load(`arm-network-${version}`) as Library;

/** Where a client is pointed at, and what it says there. */
export interface Endpoint {
  /** https */
  readonly url: string;
  readonly token: string;
  /** In PEM. */
  readonly certificate: string;
}

/** The scope is what a user of the library has to give in each generation; nothing else differs from Azure's own. */
export function clientOf(version: Version, { url, token, certificate }: Endpoint, subscription: string): Client {
  const { NetworkManagementClient } = libraryOf(version);
  const scope = 'api://proxy/.default';
  const credential = { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return new NetworkManagementClient(credential, subscription, {
    endpoint: url,
    ...(version === '39' ? { credentials: { scopes: [scope] } } : { credentialScopes: scope }),
    tlsOptions: { ca: certificate },
  });
}

/** What a library is told of a pair of the simulator. */
export function askedOf({ source, destination, port, protocol }: Pair) {
  const place = world.resources.find(({ id }) => id === source)!.location.toLowerCase();
  const [, , subscription = ''] = source.split('/');
  const watcher = world.watchers.find(({ id, location }) => id.includes(subscription) && location === place)!.id;
  const [, , , , group = '', , , , name = ''] = watcher.split('/');
  const parameters = {
    source: { resourceId: source },
    destination: { [destination.startsWith('/') ? 'resourceId' : 'address']: destination, port },
    protocol,
  };
  return { subscription, group, name, parameters };
}

/** What a call came to: its result, or the status and the code of its error. */
export type Came = { readonly result: unknown } | { readonly status: unknown; readonly code: unknown } | 'runs on';

/** Asks for a pair and waits for its end, for so long. */
export async function check(version: Version, endpoint: Endpoint, pair: Pair, seconds: number): Promise<Came> {
  const { subscription, group, name, parameters } = askedOf(pair);
  const { networkWatchers } = clientOf(version, endpoint, subscription);
  const abort = new AbortController();
  const late = setTimeout(() => {
    abort.abort();
  }, seconds * 1000);
  try {
    const options = { updateIntervalInMs: 250, abortSignal: abort.signal };
    return { result: await networkWatchers.beginCheckConnectivityAndWait(group, name, parameters, options) };
  } catch (error) {
    if (abort.signal.aborted) return 'runs on';
    const { statusCode, code } = error as { statusCode?: number; code?: string };
    if (statusCode === undefined && code === undefined) throw error;
    return { status: statusCode, code };
  } finally {
    clearTimeout(late);
  }
}

/** Ids that Azure makes for each operation anew are told by the order in which they come. */
export function withoutFreshIds(result: unknown): unknown {
  const known = new Map<string, string>();
  const text = JSON.stringify(result).replace(
    /(?<!subscriptions\/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi,
    (id) => {
      known.set(id, known.get(id) ?? `id ${known.size}`);
      return known.get(id)!;
    },
  );
  return JSON.parse(text);
}

/** A server by https in front of one that has none, at whose address its links are too. */
export async function httpsBefore(target: string, certificateFile: string, keyFile: string) {
  const server = createServer(
    { cert: readFileSync(certificateFile), key: readFileSync(keyFile) },
    (request, response) => {
      const { method, headers, url = '' } = request;
      const forwarded = askPlainly(`${target}${url}`, { method, headers }, (answer) => {
        const { location } = answer.headers;
        const own = `https://localhost:${(server.address() as AddressInfo).port}`;
        response.writeHead(answer.statusCode ?? 500, {
          ...answer.headers,
          ...(location !== undefined && { location: location.replace(target, own) }),
        });
        answer.pipe(response);
      });
      forwarded.on('error', () => response.destroy());
      request.pipe(forwarded);
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
