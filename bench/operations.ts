// Counts what one check costs in operations on storage and ARM: `npm run build && node --import tsx bench/operations.ts`.
// A check at Azure's own pace is submitted, waited for with one held request, and swept once while it runs.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHost } from '../src/local/host/start-host.ts';
import { startFaultProxy } from '../test/support/fault-proxy.ts';
import { createIoTrace, type Io } from '../test/support/io-trace.ts';
import { startTestAzure } from '../test/support/test-azure.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const azure = await startTestAzure({ speed: 1 });
const trace = createIoTrace();
const proxied = async (service: Io['service'], upstream: string) =>
  startFaultProxy({ service, upstream, trace, decide: () => undefined });

const endpoint = (service: string): string =>
  new RegExp(`${service}Endpoint=(http://[\\d.:]+)`).exec(azure.azurite.connectionString)?.[1] ?? '';
const [queue, table] = await Promise.all([proxied('queue', endpoint('Queue')), proxied('table', endpoint('Table'))]);
Object.assign(process.env, azure.settings, {
  AzureWebJobsStorage: azure.azurite.connectionString
    .replace(endpoint('Queue'), queue.url)
    .replace(endpoint('Table'), table.url),
  POLICY_FILE: join(root, 'policy.sample.json'),
  PUBLIC_URL: 'http://127.0.0.1',
});
const log: string[] = [];
const host = await startHost({
  appFolder: join(root, 'dist'),
  port: 0,
  log: (line) => log.push(line.message),
});
const headers = { authorization: `Bearer ${await azure.token('alice')}`, 'content-type': 'application/json' };

async function runCheck(): Promise<void> {
  const body = { source: { endpoint: 'web-01' }, destination: { endpoint: 'sql-01' }, protocol: 'Tcp' };
  const submitted = await fetch(`${host.url}/api/checks`, { method: 'POST', headers, body: JSON.stringify(body) });
  const { id } = (await submitted.json()) as { id: string };
  for (let status = 'NotStarted'; status === 'NotStarted' || status === 'Running';) {
    const answer = await fetch(`${host.url}/api/checks/${id}`, { headers: { ...headers, prefer: 'wait=60' } });
    ({ status } = (await answer.json()) as { status: string });
  }
}

function count(from: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { service, operation, path } of trace.log.slice(from)) {
    // What an idle queue is asked is no part of a check; neither is the sweeper.
    if (operation.endsWith('receive') || operation.endsWith('measure') || path.includes('open!')) continue;
    const name = `${service} ${operation}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

// The first check also makes the tables and fills caches.
await runCheck();
const [from, lines, began] = [trace.log.length, log.length, Date.now()];
await runCheck();
await new Promise((resolve) => setTimeout(resolve, 2000));
const app = log.slice(lines).filter((line) => line.startsWith('{'));
console.log(
  JSON.stringify(
    {
      seconds: Math.round((Date.now() - began) / 1000),
      ...count(from),
      'calls to ARM': app.filter((line) => line.includes('"arm"')).length,
    },
    null,
    2,
  ),
);
console.log(`log lines: ${app.length}, ${app.join('').length} bytes`);
await host.stop();
await Promise.all([queue.stop(), table.stop()]);
await azure.stop();
process.exit(0);
