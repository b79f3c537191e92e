import { setTimeout as sleep } from 'node:timers/promises';
import { type AppCopy, copyApp } from '../test/support/app/app-copy.ts';
import type { App } from '../test/support/app/start-app.ts';
import { startTestAzure } from '../test/support/azure/test-azure.ts';
import { startAzurite } from '../stand-ins/storage/azurite.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { type ForkedProgram, forkProgram } from './fork-program.ts';
import { queuesAt } from '../stand-ins/storage/queue-server/start-queue-server.ts';
import { tablesAt } from '../stand-ins/storage/table-server/start-table-server.ts';

/** Azurite looks through all rows and messages for each; servers of our own (`bench/*-server`) keep them in order. */
export type TablesOn = 'azurite' | 'table server';
export type QueueOn = 'azurite' | 'queue server';

export interface BenchAzure {
  readonly connectionString: string;
  /** Seconds of CPU that storage has used so far. */
  readonly storageCpu: () => number;
  start(settings?: Readonly<Record<string, string>>, nodeArguments?: readonly string[]): Promise<App>;
  /** A really signed token of a user who may ask for checks. */
  readonly token: (user: string) => Promise<string>;
  /** Asks for a check until it is accepted; milliseconds. */
  ask(app: App, body: object): Promise<number>;
  stop(): Promise<void>;
}

const USERS = 64;
const policy = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });

/** Azure on loopback without proxies, and the app with its own host.json. Blobs are Azurite's. */
export async function startBenchAzure(tablesOn: TablesOn, queueOn: QueueOn = 'azurite'): Promise<BenchAzure> {
  const azurite = await startAzurite();
  const azure = await startTestAzure(azurite.connectionString, { speed: Infinity });
  const copy: AppCopy = await copyApp({ queues: { maxPollingInterval: '00:00:02' } });
  const servers: ForkedProgram[] = [];
  let { connectionString } = azurite;
  const serve = async (program: string, at: (url: string) => (other: string) => string) => {
    const server = forkProgram(new URL(program, import.meta.url));
    servers.push(server);
    connectionString = at(String(await server.heard()))(connectionString);
  };
  if (tablesOn === 'table server') await serve('../stand-ins/storage/table-server/serve.ts', tablesAt);
  if (queueOn === 'queue server') await serve('../stand-ins/storage/queue-server/serve.ts', queuesAt);
  const exp = Math.floor(Date.now() / 1000) + 86_400;
  const tokens = await Promise.all(
    Array.from({ length: USERS }, (_, i) => azure.token(`user-${i}`, ['Check.Request'], { exp })),
  );
  let asked = 0;
  return {
    connectionString,
    storageCpu: () => cpuSeconds([azurite.pid, ...servers.map(({ pid }) => pid)]),
    token: (user) => azure.token(user),
    start: (settings = {}, nodeArguments = []) =>
      copy.start(
        { ...azure.settings, AzureWebJobsStorage: connectionString, POLICY: policy, ...settings },
        nodeArguments,
      ),
    async ask(app, body) {
      const begun = performance.now();
      const init = {
        method: 'POST',
        headers: {
          authorization: `Bearer ${tokens[asked++ % USERS] ?? ''}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      };
      for (;;) {
        const answer = await fetch(`${app.url}/api/checks`, init);
        const text = await answer.text();
        if (answer.status === 202) return performance.now() - begun;
        if (answer.status !== 503) throw new Error(`The check was not accepted: ${answer.status} ${text}`);
        // Azurite did not answer in time.
        await sleep(Number(answer.headers.get('retry-after')) * 1000);
      }
    },
    stop: async () => {
      await Promise.all([azure.stop(), azurite.stop(), ...servers.map(({ stop }) => stop()), copy.remove()]);
    },
  };
}
