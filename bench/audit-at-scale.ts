// What verification and export cost us, apart from storage, with 100,000 events:
// `node --import tsx bench/audit-at-scale.ts`. Azurite looks through a whole table for each write, so it cannot
// be filled that far; rows come from memory here, in the shape and pages of the tables' client.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableClient } from '@azure/data-tables';
import { chainOf } from '../src/audit/audit-log.ts';
import type { Head, Unsealed } from '../src/audit/checkpoints.ts';
import { parseSigningKey } from '../src/audit/signing-key.ts';
import { toNdjson } from '../src/audit/to-ndjson.ts';
import { verify } from '../src/audit/verify.ts';
import { canonicalJson } from '../src/contract/canonical-json.ts';
import { startLoopbackServer } from '../src/local/start-loopback-server.ts';
import { toAuditRows } from '../src/storage/audit-rows.ts';
import { tableAuditRows } from '../src/storage/table-audit-rows.ts';
import { sampleEvent } from '../test/support/azurite-audit.ts';
import { newSigningKey } from '../test/support/new-signing-key.ts';

const COUNT = 100_000;
const begin = Date.parse('2026-03-01T00:00:00Z');
const events = Array.from({ length: COUNT }, (_, i) => sampleEvent({ time: new Date(begin + i * 2000).toISOString() }));

const audit = {
  tableName: 'audit',
  listEntities: ({ queryOptions }: { queryOptions: { filter: string } }) => ({
    async *byPage() {
      if (queryOptions.filter.includes('gt')) return;
      for (let at = 0; at < COUNT; at += 250)
        yield await Promise.resolve(events.slice(at, at + 250).flatMap((event) => toAuditRows({ sequence: 1, event })));
    },
  }),
} as unknown as TableClient;

let head: Head | undefined;
let waiting: Unsealed[] = events.map((event) => ({ chain: chainOf(event), sequence: 1, time: event.time, shard: '0' }));
const texts = new Map(events.map((event) => [chainOf(event), event]));
const blobs = new Map<number, string>();
const signingKey = parseSigningKey(newSigningKey())!;

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);
let since = performance.now();
const report = await verify(
  {
    ...{
      signingKey,
      signatures: signingKey,
      auditRows: tableAuditRows(audit),
      now: () => new Date(begin + COUNT * 2000),
    },
    checkpoints: {
      read: (sequence) => Promise.resolve(blobs.get(sequence)),
      create: (sequence, text) => Promise.resolve(blobs.has(sequence) ? false : blobs.set(sequence, text).size > 0),
      highest: () => Promise.resolve(blobs.size),
    },
    sealState: {
      head: () => Promise.resolve(head),
      note: (next) => Promise.resolve(void (head = next)),
      waiting: (limit) => Promise.resolve(waiting.slice(0, limit)),
      async *present(wanted) {
        for (const event of wanted) yield await Promise.resolve({ event, text: canonicalJson(texts.get(event.chain)) });
      },
      stoppedAt: () => Promise.resolve(undefined),
      noteStop: () => Promise.resolve(),
      forget: (gone) => Promise.resolve(void (waiting = waiting.slice(gone.length))),
    },
  },
  { from: new Date(begin) },
);
console.log(`sealing and verification of ${report.events} events, ${report.faults.length} faults: ${seconds(since)} s`);

// The export is the command itself in a process of its own; its memory at the first request is where growth begins.
const out = join(tmpdir(), `bench-${randomUUID()}.ndjson`);
const residentOf = async (pid: number | undefined): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))?.[1] ?? 0) / 1000;
let [base, peak] = [0, 0];
const server = await startLoopbackServer(async (request, response) => {
  base ||= await residentOf(child.pid);
  const at = Number(new URL(request.url ?? '', 'http://x').searchParams.get('after') ?? 0);
  const next = `<http://x/api/audit?after=${at + 5000}>; rel="next"`;
  response.writeHead(200, at + 5000 < COUNT ? { link: next } : {}).end(toNdjson(events.slice(at, at + 5000)));
});
since = performance.now();
const child = spawn(
  process.execPath,
  ['--import', 'tsx', 'scripts/audit-export.ts', '--url', server.url, '--out', out],
  {
    env: { ...process.env, CCP_TOKEN: 'token' },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
const timer = setInterval(() => void residentOf(child.pid).then((now) => (peak = Math.max(peak, now))), 10);
await once(child, 'exit');
clearInterval(timer);
console.log(
  `export: ${((await stat(out)).size / 1e6).toFixed(0)} MB in ${seconds(since)} s; memory +${(peak - base).toFixed(0)} MB`,
);
await server.stop();
await rm(out);
