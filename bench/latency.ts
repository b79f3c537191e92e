// From a submit to its visible result, with an Azure that answers at once: `npm run build && node --import tsx bench/latency.ts`.
// One check after another, on the built app and Azurite; `-- 200` runs 200 of each.
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp } from '../test/support/start-app.ts';
import { startTestAzure } from '../test/support/test-azure.ts';

const RUNS = Number(process.argv.at(-1)) || 60;
const WARM_UP = 5;
const LOOK_AGAIN_MS = 5;

const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });
const body = JSON.stringify({
  source: {
    resourceId:
      '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-01',
  },
  destination: { address: '10.1.6.1', port: 443 },
  protocol: 'Tcp',
});

const azure = await startTestAzure();
const app = await startApp({ ...azure.settings, POLICY });
const authorization = `Bearer ${await azure.token('alice')}`;

async function ask(path: string, init: RequestInit = {}, headers: Record<string, string> = {}) {
  const sent = { authorization, 'content-type': 'application/json', ...headers };
  const answer = await fetch(`${app.url}${path}`, { ...init, headers: sent, signal: AbortSignal.timeout(30_000) });
  return (await answer.json()) as { id: string; status: string };
}

const submit = (headers = {}) => ask('/api/checks', { method: 'POST', body }, headers);

/** Looks again and again, so that nothing but the check itself is waited for. */
async function seen(): Promise<{ accepted: number; visible: number }> {
  const begin = performance.now();
  const { id } = await submit();
  const accepted = performance.now() - begin;
  for (;;) {
    const { status } = await ask(`/api/checks/${id}`);
    if (status === 'Succeeded') return { accepted, visible: performance.now() - begin };
    if (status === 'Failed') throw new Error('The check failed: look at the app’s log.');
    await sleep(LOOK_AGAIN_MS);
  }
}

/** As a client would ask: one call that waits. */
async function waited(): Promise<number> {
  const begin = performance.now();
  const { status } = await submit({ prefer: 'wait=30' });
  if (status !== 'Succeeded') throw new Error(`The check is ${status}: look at the app’s log.`);
  return performance.now() - begin;
}

function line(what: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => `${Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? NaN)} ms`;
  return `${what.padEnd(34)} median ${at(0.5)}, p5 ${at(0.05)}, p95 ${at(0.95)}, max ${at(1)}`;
}

const looked: { accepted: number; visible: number }[] = [];
const whole: number[] = [];
for (let run = 0; run < RUNS + WARM_UP; run++) {
  const [one, other] = [await seen(), await waited()];
  if (run < WARM_UP) continue;
  looked.push(one);
  whole.push(other);
}
console.log(`${RUNS} runs of each, Node ${process.versions.node}`);
console.log(
  line(
    'submit to 202',
    looked.map(({ accepted }) => accepted),
  ),
);
console.log(
  line(
    'submit to visible result',
    looked.map(({ visible }) => visible),
  ),
);
console.log(line('one call with Prefer: wait', whole));
await app.stop();
await azure.stop();
