import { TableClient } from '@azure/data-tables';
import { QueueClient, RestError } from '@azure/storage-queue';
import { z } from 'zod';
import { idOfKey } from '../../../src/check/state/check-id.ts';
import { secretPlace } from '../../../src/storage/ids/table-id-secret.ts';
import { resourceNames } from '../../../src/triggers.ts';
import { copyApp } from '../app/app-copy.ts';
import { type ClockChange, clockArguments } from './clock-arguments.ts';
import { type Decide, startFaultProxy } from './fault-proxy.ts';
import { createIoTrace, type Io } from './io-trace.ts';
import type { App } from '../app/start-app.ts';
import { startTestAzure } from '../azure/test-azure.ts';
import { objectIdOf } from '../object-id-of.ts';

import { resources } from '../../../stand-ins/arm/scenarios/resources.ts';
import { openIds, type Stored, storedState } from './stored-state.ts';
import { until } from '../until.ts';

export interface FaultyApp extends App {
  /** Wakes the sweeper, as its timer does every minute. */
  sweep(): Promise<void>;
}

interface Start {
  readonly decide?: Decide;
  readonly clock?: ClockChange;
  readonly settings?: Readonly<Record<string, string>>;
  /** Beside those of the clock. */
  readonly nodeArguments?: readonly string[];
}

interface Options {
  /** Of the ARM simulator. */
  readonly speed?: number;
  /** Over host.json's. */
  readonly queues?: object;
}

const USER = 'alice';
const secret = 'a secret that the test knows, and no app made';
const policy = JSON.stringify({
  version: 1,
  rules: [
    { id: 'all', effect: 'allow' },
    { id: 'partner', effect: 'deny', destinations: [resources.pay1.id.replace(/resourceGroups.*/, '**')] },
  ],
});
// Long enough for a token to outlive any change of the clock.
const DAY_SECONDS = 86_400;

export const source = resources.web1.id;
/** Policy refuses it. */
export const refusedDestination = resources.pay1.id;

const asked = {
  source: { resourceId: source },
  destination: { address: '10.1.2.4', port: 1433 },
  protocol: 'Tcp',
};
const idSchema = z.object({ id: z.uuid() });

/**
 * Azure on loopback, with proxies that break what they are told to between it and each process of the app. Storage is
 * given, and nobody else's. Idempotency keys make the ids of checks known before they are asked for.
 */
export async function startFaultyAzure(connectionString: string, options: Options = {}) {
  const [azure, copy] = await Promise.all([startTestAzure(connectionString, options), copyApp(options)]);
  const trace = createIoTrace();
  const stops: (() => Promise<unknown>)[] = [];
  const apps: App[] = [];
  const endApps = async (): Promise<void> => {
    await Promise.all(apps.splice(0).map((app) => app.kill()));
  };
  const queue = new QueueClient(connectionString, resourceNames.queue);
  const requester = { id: `${azure.entra.tenantId}/${objectIdOf(USER)}`, via: 'http' } as const;
  const checkIdOf = (key: string) => idOfKey(secret, { requester, call: 'submit', key });
  await keepSecret(connectionString);
  const exp = Math.floor(Date.now() / 1000) + DAY_SECONDS;
  const token = await azure.token(USER, ['Check.Request'], { exp });

  /** One that is gone, or with another host, meanwhile needs nothing. */
  const show = (messageId: string, popReceipt: string): Promise<unknown> =>
    queue.updateMessage(messageId, popReceipt, undefined, 0).catch((error: unknown) => {
      const code = error instanceof RestError ? error.code : undefined;
      if (code !== 'MessageNotFound' && code !== 'PopReceiptMismatch') throw error;
    });

  const [queueUrl = '', tableUrl = ''] = ['Queue', 'Table'].map(
    (service) => new RegExp(`${service}Endpoint=(http://[\\d.:]+)`).exec(connectionString)?.[1],
  );

  const proxy = async (service: Io['service'], upstream: string, decide: Decide): Promise<string> => {
    const { url, stop } = await startFaultProxy({ service, upstream, trace, decide });
    stops.push(stop);
    return url;
  };

  // One for all processes: an operation's URL that one of them stored is on the other's ARM too.
  const decisions = new Set<Decide>();
  const armUrl = await proxy('arm', azure.arm.url, async (io, stage) => {
    for (const decide of decisions) {
      const fault = await decide(io, stage);
      if (fault) return fault;
    }
    return undefined;
  });

  async function proxied(decide: Decide): Promise<Record<string, string>> {
    decisions.add(decide);
    const [queue, table] = await Promise.all([proxy('queue', queueUrl, decide), proxy('table', tableUrl, decide)]);
    return {
      ...azure.settings,
      AzureWebJobsStorage: connectionString.replace(queueUrl, queue).replace(tableUrl, table),
      ARM_ENDPOINT: armUrl,
    };
  }

  /** A process that was killed while it was asked, as is intended here, is status 0. */
  async function call({ url }: App, method: string, path: string, body?: object, more: Record<string, string> = {}) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more };
    try {
      const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    } catch {
      return { status: 0, headers: new Headers(), text: '' };
    }
  }

  return {
    azure,
    trace,
    connectionString,
    checkIdOf,

    /** One more process of the app, whose storage and ARM are reached through `decide`. */
    async start({
      decide = () => undefined,
      clock = {},
      settings = {},
      nodeArguments = [],
    }: Start = {}): Promise<FaultyApp> {
      const all = { ...(await proxied(decide)), POLICY: policy, ...settings };
      const app = await copy.start(all, [...clockArguments(clock), ...nodeArguments]);
      apps.push(app);
      return { ...app, sweep: () => sweep(app) };
    },

    /** Asks for a check; a connection that is lost is status 0. */
    async ask(app: App, idempotencyKey: string, body: object = {}): Promise<{ status: number; headers: Headers }> {
      return call(app, 'POST', '/api/checks', { ...asked, ...body }, { 'idempotency-key': idempotencyKey });
    },

    /** Cancels the check of that key; the status of the answer, or 0. */
    cancel: async (app: App, idempotencyKey: string): Promise<number> =>
      (await call(app, 'DELETE', `/api/checks/${checkIdOf(idempotencyKey)}`)).status,

    /** Asks for a set of checks to these destinations; its id where it is accepted. */
    async askForSet(app: App, idempotencyKey: string, destinations: readonly object[]): Promise<string | undefined> {
      const { source: from, protocol } = asked;
      const body = { sources: [from], destinations, protocol };
      const { status, text } = await call(app, 'POST', '/api/sets', body, { 'idempotency-key': idempotencyKey });
      return status === 202 ? idSchema.parse(JSON.parse(text)).id : undefined;
    },

    /** Cancels a set; the status of the answer, or 0. */
    cancelSet: async (app: App, setId: string): Promise<number> =>
      (await call(app, 'DELETE', `/api/sets/${setId}`)).status,

    /** What is stored, read past the proxies. */
    state: (): Promise<Stored> => storedState(connectionString),

    /** Whether nothing remains to be done of these checks, which were accepted: each has ended, and its message is removed. */
    async areOver(checkIds: readonly string[]): Promise<boolean> {
      const open = await openIds(connectionString);
      const received = [...trace.receipts.values()].flatMap((receipt) => receipt.checkIds);
      return ![...open, ...received].some((id) => checkIds.includes(id));
    },

    /** Waits until every check that is stored has ended and nothing of it remains to be done; sweeps meanwhile. */
    async settle(app: FaultyApp, { withinSeconds = 60 } = {}): Promise<Stored> {
      let state: Stored | undefined;
      await app.sweep();
      await until('the end of every check', withinSeconds, async () => {
        state = await storedState(connectionString);
        return state.open.length === 0;
      });
      return state!;
    },

    /** Waits until every message that was received has been removed. */
    handled: (): Promise<void> => until('the removal of every received message', 30, () => trace.receipts.size === 0),

    /** Shows all messages whose host went away with them, as ten minutes would. */
    async redeliver(): Promise<void> {
      for (const { queue: name, messageId, popReceipt } of trace.receipts.values()) {
        if (name === resourceNames.queue) await show(messageId, popReceipt);
      }
    },

    /** Ends all processes that were started, so that the next test is alone. */
    endApps,

    async stop(): Promise<void> {
      await endApps();
      await Promise.all(stops.map((stop) => stop()));
      await Promise.all([azure.stop(), copy.remove()]);
    },
  };
}

/** The app makes ids with a secret that it keeps in storage: here it finds one that the test knows. */
async function keepSecret(connectionString: string): Promise<void> {
  const options = { allowInsecureConnection: true };
  const table = TableClient.fromConnectionString(connectionString, resourceNames.checksTable, options);
  await table.createTable();
  await table.upsertEntity({ ...secretPlace, secret });
}

export type FaultyAzure = Awaited<ReturnType<typeof startFaultyAzure>>;

async function sweep(app: App): Promise<void> {
  const answer = await app.runByHand('sweepChecks');
  if (answer.status !== 202) throw new Error(`The sweeper was not started: ${answer.status}.`);
}
