// How the history behaves as it grows: `node --expose-gc --import tsx bench/history.ts 1000 10000 100000`. Numbers are of
// Azurite on this machine; reads are requests to storage, and are the same in Azure.
import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { createServer, request as send } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableEntity, TransactionAction } from '@azure/data-tables';
import { exportAudit } from '../scripts/audit/export-audit.ts';
import type { AuditEvent } from '../src/audit/event.ts';
import { verify } from '../src/audit/verify.ts';
import { seal } from '../src/audit/seal.ts';
import { randomIdFor } from '../src/check/check-id.ts';
import type { Check } from '../src/check/check.ts';
import { startAzurite } from '../src/local/azurite.ts';
import { toAuditRows } from '../src/storage/audit-rows.ts';
import { pointerChanges } from '../src/storage/check-pointers.ts';
import { sealMarkerOf } from '../src/storage/seal-markers.ts';
import { historyApp } from '../test/functions/history-app.ts';
import { requesterOf, sampleEvent } from '../test/support/azurite-audit.ts';
import { newSigningKey } from '../test/support/new-signing-key.ts';
import { sampleCaller, sampleCheck } from '../test/support/samples.ts';

const DAY = 86_400_000;
const end = Date.parse('2026-03-01T12:00:00Z');
const DAYS = 365;
const users = Array.from({ length: 50 }, (_, i) => `user-${i}`);
const vm = (i: number) =>
  `/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-${i}`;

/** Counts requests on the way to Azurite's tables. */
async function countingProxy(upstream: string) {
  let count = 0;
  const { hostname, port } = new URL(upstream);
  const server = createServer((request, response) => {
    count++;
    const options = { hostname, port, method: request.method, path: request.url, headers: request.headers };
    request.pipe(
      send(options, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }).on('error', () => response.destroy()),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, count: () => count, stop: () => server.close() };
}

type App = ReturnType<typeof historyApp>;

/** Rows by partition, 100 a transaction, two at a time (Azurite looks through the whole table for each). */
async function insert(table: App['tables']['audit'], rows: readonly TransactionAction[]): Promise<void> {
  const byPartition = new Map<string, TransactionAction[]>();
  for (const row of rows) {
    const key = row[1].partitionKey;
    byPartition.set(key, [...(byPartition.get(key) ?? []), row]);
  }
  const batches = [...byPartition.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / 100) }, (_, i) => all.slice(i * 100, i * 100 + 100)),
  );
  const next = async (): Promise<void> => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) await table.submitTransaction(batch);
  };
  await Promise.all(Array.from({ length: 2 }, next));
}

/** Events to be sealed come within half a day, as in a proxy that is busy; history is a year's. */
const eventOf = (i: number, of: number, days: number): AuditEvent =>
  sampleEvent({
    time: new Date(end - Math.floor((i / of) * days * DAY)).toISOString(),
    requester: requesterOf(users[i % users.length]!),
    action: (['requested', 'started', 'finished'] as const)[i % 3]!,
    target: { source: vm(i % 40), destination: `10.1.${i % 20}.4`, port: 443, protocol: 'Tcp' },
  });

function checkOf(i: number, of: number): Check {
  const caller = sampleCaller(users[i % users.length]!);
  const createdAt = new Date(end - Math.floor((i / of) * DAYS * DAY)).toISOString();
  const check = sampleCheck({
    ...{ id: randomIdFor(caller.requester.id, randomUUID()), caller, createdAt, audited: 3 },
    request: {
      source: { resourceId: vm(i % 40) },
      destination: { address: `10.1.${i % 20}.4`, port: 443 },
      protocol: 'Tcp',
    },
  });
  if (i % 10 === 0)
    return { ...check, status: 'Failed', finishedAt: createdAt, error: { code: 'AzureFailed', message: 'm' } };
  const reachability = i % 4 === 0 ? 'Unreachable' : 'Reachable';
  return {
    ...check,
    status: 'Succeeded',
    startedAt: createdAt,
    finishedAt: createdAt,
    verdict: { reachability, reasons: [] },
  };
}

async function fill({ tables }: App, size: number, withMarkers: boolean): Promise<void> {
  await Promise.all([tables.audit.createTable(), tables.checks.createTable()]);
  for (let begin = 0; begin < size; begin += 5000) {
    const numbers = Array.from({ length: Math.min(5000, size - begin) }, (_, i) => begin + i);
    const events = numbers.map((i) => ({ sequence: 1, event: eventOf(i, size, withMarkers ? 0.5 : DAYS) }));
    await insert(
      tables.audit,
      events.flatMap(toAuditRows).map((row) => ['upsert', row, 'Replace']),
    );
    if (withMarkers)
      await insert(
        tables.checks,
        events.map((entry) => ['upsert', sealMarkerOf(entry), 'Replace']),
      );
    else
      await insert(
        tables.checks,
        numbers.flatMap((i) =>
          pointerChanges(undefined, checkOf(i, size)).map(([, row]): TransactionAction => [
            'upsert',
            row as TableEntity,
            'Replace',
          ]),
        ),
      );
  }
}

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;

const queries = [
  ...[
    '',
    `requester=${users[7]!.replace(/^/, 'object-of-')}`,
    `source=${encodeURIComponent(vm(3))}`,
    'destination=10.1.5.4',
  ],
  ...['status=Failed', 'reachability=Unreachable', 'from=2025-10-01&to=2025-11-01'],
  ...['requester=object-of-user-7&status=Failed', `source=${encodeURIComponent(vm(4))}&reachability=Unreachable`],
].map((query) => `/api/checks?${query}`);
const auditQueries = [
  ...['', 'requester=object-of-user-7', 'action=finished', 'from=2025-10-01&to=2025-11-01'],
  ...['requester=object-of-user-7&action=finished', 'action=finished&to=2025-11-01'],
].map((query) => `/api/audit?${query}`);

async function pages(app: App, count: () => number): Promise<void> {
  for (const query of [...queries, ...auditQueries]) {
    const times: number[] = [];
    let [reads, found] = [0, 0];
    for (let i = 0; i < 7; i++) {
      const [before, begun] = [count(), performance.now()];
      const { json, status } = await app.ask(query);
      if (status !== 200) throw new Error(`${query} was answered ${status}`);
      times.push(performance.now() - begun);
      reads = count() - before;
      found = json.value.length;
    }
    // Reading others' checks, or the audit, is announced and written first: two requests.
    console.log(`  ${query}: ${found} found, ${reads - 2} reads, median ${median(times).toFixed(0)} ms`);
  }
}

async function exported(app: App): Promise<void> {
  const out = join(tmpdir(), `bench-${randomUUID()}.ndjson`);
  global.gc?.();
  const base = process.memoryUsage().rss;
  let peak = base;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  const begun = performance.now();
  const get = async (path: string, accept: string) => {
    const { text, headers } = await app.ask(path, undefined, { accept });
    return { body: Buffer.from(text), next: /<([^>]+)>/.exec(headers.get('link') ?? '')?.[1] };
  };
  await exportAudit({ get }, { from: undefined, to: undefined, after: undefined, out, progress: () => undefined });
  clearInterval(timer);
  const megabytes = ((await stat(out)).size / 1e6).toFixed(0);
  const grown = ((peak - base) / 1e6).toFixed(0);
  console.log(
    `  export: ${megabytes} MB in ${((performance.now() - begun) / 1000).toFixed(1)} s, memory (server and client) +${grown} MB`,
  );
  await rm(out);
}

async function verified(app: App): Promise<void> {
  let begun = performance.now();
  const { events, checkpoints } = await seal(app);
  console.log(
    `  sealing: ${events} events, ${checkpoints} checkpoints, ${((performance.now() - begun) / 1000).toFixed(1)} s`,
  );
  begun = performance.now();
  const report = await verify(app, { from: new Date(end - 400 * DAY) });
  if (!report.valid) throw new Error(JSON.stringify(report.faults.slice(0, 3)));
  console.log(`  verification: ${report.events} events, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}

async function appends(app: App, count: () => number, writers: number): Promise<void> {
  const total = 400;
  const [before, begun] = [count(), performance.now()];
  let left = total;
  const writer = async (): Promise<void> => {
    while (left-- > 0) {
      const event = sampleEvent();
      await app.log.announce(event);
      await app.log.append({ sequence: 1, event });
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  const each = (count() - before) / total;
  console.log(
    `appends by ${writers}: ${(total / ((performance.now() - begun) / 1000)).toFixed(0)} a second, ${each} requests each`,
  );
}

async function withApp(work: (app: App, count: () => number) => Promise<void>): Promise<void> {
  const azurite = await startAzurite({});
  const upstream = /TableEndpoint=(http:\/\/[^/;]+)/.exec(azurite.connectionString)![1]!;
  const proxy = await countingProxy(upstream);
  const connectionString = azurite.connectionString.replace(upstream, proxy.url);
  try {
    await work(historyApp({ now: () => new Date(end + 60_000), pem: newSigningKey(), connectionString }), proxy.count);
  } finally {
    proxy.stop();
    await azurite.stop();
  }
}

await withApp(async (app, count) => {
  await appends(app, count, 1);
  await appends(app, count, 16);
});
for (const size of process.argv.slice(2).map(Number)) {
  console.log(`${size} events`);
  await withApp(async (app) => {
    await fill(app, size, true);
    await verified(app);
    await exported(app);
  });
  console.log(`${size} checks`);
  await withApp(async (app, count) => {
    await fill(app, size, false);
    await pages(app, count);
  });
}
