import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArmSimulator, startArmSimulator } from '../../stand-ins/arm/start-arm-simulator.ts';
import type { Pair } from '../../stand-ins/arm/scenarios/pair.ts';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { world } from '../../stand-ins/arm/scenarios/world.ts';
import { type AppCopy, copyApp } from '../support/app/app-copy.ts';
import type { App } from '../support/app/start-app.ts';
import { allEvents } from '../support/faults/stored-state.ts';
import { notRun } from '../support/run/not-run.ts';
import { ownAccount } from '../support/run/own-account.ts';
import {
  askedOf,
  type Came,
  check,
  clientOf,
  type Endpoint,
  httpsBefore,
  isInstalled,
  libraryOf,
  type Version,
  withoutFreshIds,
} from './sdk.ts';

const versions: readonly Version[] = ['33', '36', '39'];
const installed = versions.filter(isInstalled);
const allowAll = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });
const AT_ONCE = 30;

const answered = world.pairs.filter(({ outcome }) => outcome.kind === 'completes');
const others = world.pairs.filter((pair) => !answered.includes(pair));
const good: Pair = answered.find(({ description }) => description === 'reachable in its own network')!;

/** What comes of the pairs that do not simply answer: at Azure itself, and at the proxy. */
const troubles = [
  ['busy twice: 429 RetryableError', '429 RetryableError', '200'],
  ['throttled once: 429 TooManyRequests with Retry-After', '200', '200'],
  ['always 403: the identity lacks a right', '403 AuthorizationFailed', '403 AuthorizationFailed'],
  ['always 404', '404 ResourceNotFound', '404 ResourceNotFound'],
  ['once 409: another operation is in progress', '409 AnotherOperationInProgress', '200'],
  ['once 500, with a Location that leads nowhere', '200', '200'],
  ['once 502, in HTML', '200', '200'],
  ['the poll that ends it answers 400', '400 ConnectivityCheckFailed', '400 ConnectivityCheckFailed'],
  // The library takes the failure, and no answer at all, for a result.
  ['the poll that ends it answers 200 and Failed', '200', '424 AzureFailed'],
  ['never ends', 'runs on', '424 DeadlineExceeded'],
  ['accepted without a Location', '200', '424 AzureFailed'],
  ['accepted, then every poll is 404', '404 NotFound', '404 NotFound'],
  ['runs and ends in states of 200, its result wrapped', '200', '200'],
  ['a relative Location, and polls without one', '200', '200'],
  ['not known to a region of ARM at first', '404 NotFound', '200'],
  ['once 409 RetryableError, of another kind than busy', '409 RetryableError', '200'],
  ['always 409: a lock forbids every POST', '409 ScopeLocked', '409 ScopeLocked'],
];

let copy: AppCopy;
let app: App;
let storage: string;
let simulator: ArmSimulator;
let front: Awaited<ReturnType<typeof httpsBefore>>;
let proxy: Endpoint;
let direct: Endpoint;

/** What the app's terminal says, where it says it. */
const said = (pattern: RegExp): string => app.terminal.map((line) => pattern.exec(line)?.[1]).find(Boolean) ?? '';

async function tokenOf(user: string): Promise<string> {
  const body = JSON.stringify({ user, roles: ['Check.Request'] });
  const answer = await fetch(`${app.url}/.local/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function together<T>(atOnce: number, run: (pair: Pair) => Promise<T>): Promise<Map<string, T>> {
  const all = new Map<string, T>();
  for (let at = 0; at < answered.length; at += atOnce)
    await Promise.all(
      answered.slice(at, at + atOnce).map(async (pair) => {
        all.set(pair.description, await run(pair));
      }),
    );
  return all;
}

/** In words, for a table. */
const inWords = (came: Came | undefined): string => {
  if (came === undefined || came === 'runs on') return came ?? 'nothing';
  return 'result' in came ? '200' : `${String(came.status)} ${String(came.code).trim()}`;
};

if (installed.length === 0)
  notRun('libraries of Azure against the proxy', 'Install them with: npm ci --prefix test/sdk');

describe.runIf(installed.length > 0)('@azure/arm-network as it is published', () => {
  beforeAll(async () => {
    storage = ownAccount();
    copy = await copyApp();
    const settings = { HTTPS_PORT: '0', SIMULATOR_SPEED: '1000', CHECK_DEADLINE_SECONDS: '20', POLICY: allowAll };
    app = await copy.start({ ...settings, AzureWebJobsStorage: storage });
    const file = said(/: (\/\S+https-certificate\.pem)$/);
    const certificate = readFileSync(file, 'utf8');
    proxy = { url: said(/^By https: (\S+)$/), token: await tokenOf('alice'), certificate };
    simulator = await startArmSimulator({ speed: Infinity });
    front = await httpsBefore(simulator.url, file, join(dirname(file), 'https-key.pem'));
    direct = { url: front.url, token: 'any', certificate };
  }, 60_000);
  afterAll(async () => {
    front.stop();
    await simulator.stop();
    await app.stop();
    await copy.remove();
  });

  it.each(installed)(
    '%s gets of every pair that Azure answers what it gets of Azure itself',
    async (version) => {
      const byProxy = await together(AT_ONCE, (pair) => check(version, proxy, pair, 60));
      // One after the other: Azure refuses a second check of the same machines, which the proxy bears for its callers.
      const byAzure = await together(1, (pair) => check(version, direct, pair, 60));
      expect(byProxy.size).toBeGreaterThan(60);
      for (const { description } of answered) {
        const [here, there] = [byProxy.get(description), byAzure.get(description)];
        expect([description, withoutFreshIds(here)]).toEqual([description, withoutFreshIds(there)]);
        expect(there).toHaveProperty('result');
      }
    },
    240_000,
  );

  const table = installed.includes('36') ? '36' : installed[0];
  it('tells of what goes wrong in the same words, or in the proxy’s where it bears more than a client does', async () => {
    const run = (endpoint: Endpoint, seconds: number) =>
      Promise.all(others.map(async (pair) => inWords(await check(table!, endpoint, pair, seconds))));
    const [byProxy, byAzure] = await Promise.all([run(proxy, 110), run(direct, 30)]);
    const rows = others.map(({ description }, at) => [description, byAzure[at], byProxy[at]]);
    expect(rows).toEqual(troubles);
  }, 180_000);

  it.each(installed)('%s goes on in another process with an operation that one began', async (version) => {
    const { subscription, group, name, parameters } = askedOf(good);
    const { networkWatchers } = clientOf(version, proxy, subscription);
    const poller = await networkWatchers.beginCheckConnectivity(group, name, parameters);
    const state: string = version === '39' ? await poller.serialize() : poller.toString();
    const script = `
      import { askedOf, clientOf, libraryOf } from ${JSON.stringify(new URL('sdk.ts', import.meta.url).href)};
      const [endpoint, state, { subscription, group, name, parameters }] = ${JSON.stringify([proxy, state, askedOf(good)])};
      const client = clientOf('${version}', endpoint, subscription);
      const poller = ${
        version === '39'
          ? `libraryOf('39').restorePoller(client, state, client.networkWatchers.checkConnectivity)`
          : `await client.networkWatchers.beginCheckConnectivity(group, name, parameters, { resumeFrom: state })`
      };
      console.log(JSON.stringify(await poller.pollUntilDone()));`;
    const run = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    expect(JSON.parse(run.stdout)).toMatchObject({ connectionStatus: 'Reachable' });
  });

  it.each(installed)('%s makes one check of a POST whose answer was lost and that it sent again', async (version) => {
    const { subscription, group, name } = askedOf(good);
    const client = clientOf(version, proxy, subscription);
    let posts = 0;
    // As the libraries let one do: it is nearest to the wire, below their own retries.
    client.pipeline.addPolicy(
      {
        name: 'loses the first answer',
        sendRequest: async (request: { method: string }, next: (request: unknown) => Promise<object>) => {
          const answer = await next(request);
          posts += request.method === 'POST' ? 1 : 0;
          return request.method === 'POST' && posts === 1 ? { ...answer, status: 503 } : answer;
        },
      },
      { afterPhase: 'Retry' },
    );
    const parameters = {
      ...askedOf(good).parameters,
      destination: { address: '10.1.2.4', port: 5000 + Number(version) },
    };
    await client.networkWatchers.beginCheckConnectivityAndWait(group, name, parameters);
    expect(posts).toBe(2);
    const events = (await allEvents(storage)).filter(({ target }) => target.port === 5000 + Number(version));
    expect(events.map(({ action }) => action).sort()).toEqual(['finished', 'requested', 'started']);
    expect(events[0]?.requester).toMatchObject({ name: 'alice', via: 'arm' });
  });

  it.each(installed)('%s lists the watchers of a subscription', async (version) => {
    const client = clientOf(version, proxy, resources.web1.id.split('/')[2]!);
    const names: unknown[] = [];
    for await (const { name } of client.networkWatchers.listAll()) names.push(name);
    expect(names).toContain('eyes-of-the-west');
  });

  it.runIf(isInstalled('39'))('39 without scopes sends a token for ARM, and is told what to give', async () => {
    const { subscription, group, name, parameters } = askedOf(good);
    const { NetworkManagementClient } = libraryOf('39');
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const getToken = ([scope]: string[]) => {
      const aud = scope!.replace(/\/\.default$/, '');
      const token = `${part({ alg: 'RS256', kid: 'k' })}.${part({ aud })}.${part({ signed: 'by Entra ID' })}`;
      return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
    };
    const options = { endpoint: proxy.url, tlsOptions: { ca: proxy.certificate } };
    const client = new NetworkManagementClient(
      { getToken: (scopes: string | string[]) => getToken([scopes].flat()) },
      subscription,
      options,
    );
    await expect(client.networkWatchers.beginCheckConnectivityAndWait(group, name, parameters)).rejects.toMatchObject({
      statusCode: 401,
      message: expect.stringContaining('/.default'),
    });
  });
});
