import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, startApp } from '../support/app/start-app.ts';
import { startTestAzure } from '../support/azure/test-azure.ts';
import { allEvents } from '../support/faults/stored-state.ts';
import { ownAccount } from '../support/run/own-account.ts';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';

let azure: Awaited<ReturnType<typeof startTestAzure>>;
let app: App;
let token: string;

beforeAll(async () => {
  azure = await startTestAzure(ownAccount());
  const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });
  app = await startApp({ ...azure.settings, POLICY });
  token = await azure.token('alice');
});
afterAll(async () => {
  await app.stop();
  await azure.stop();
});

async function endOfCheck(address: string): Promise<{ id: string; status: string }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=50' };
  const body = JSON.stringify({
    source: { resourceId: resources.web1.id },
    destination: { address, port: 443 },
    protocol: 'Tcp',
  });
  const answer = await fetch(`${app.url}/api/checks`, { method: 'POST', headers, body });
  return (await answer.json()) as { id: string; status: string };
}

it('checks go on with a new token after the one that the app has was revoked, each POST with its event', async () => {
  expect(await endOfCheck('203.0.113.1')).toMatchObject({ status: 'Succeeded' });
  azure.identity.revoke();
  const before = azure.arm.counters.checks;
  const { id, status } = await endOfCheck('203.0.113.2');
  expect(status).toBe('Succeeded');
  expect(azure.arm.counters.unauthorized).toBe(1);
  const events = (await allEvents(azure.connectionString)).filter(({ checkId }) => checkId === id);
  const started = events.filter(({ action }) => action === 'started');
  expect(started).toHaveLength(azure.arm.counters.checks - before);
  const ready = await fetch(`${app.url}/api/health/ready`);
  expect(await ready.json()).toMatchObject({ parts: { identity: 'ok' } });
});
