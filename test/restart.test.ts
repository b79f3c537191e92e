import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkViewSchema } from '../src/contract/check.ts';
import { claimLastingPort } from '../stand-ins/server/claim-port.ts';
import { type AppCopy, copyApp } from './support/app/app-copy.ts';
import type { App } from './support/app/start-app.ts';
import { until } from './support/until.ts';

const settings = { SIMULATOR_SPEED: '10' };
const web = { endpoint: 'web-01' };

let copy: AppCopy;
let port: string;
let app: App;
let token: string;

beforeEach(async () => {
  copy = await copyApp();
  port = String(await claimLastingPort());
  app = await start();
  token = await tokenFor(['Check.Request', 'Audit.Read']);
});

afterEach(async () => {
  expect(await app.stop()).toBe(0);
  await copy.remove();
});

const start = () => copy.start({ ...settings, PORT: port });

async function tokenFor(roles: readonly string[]): Promise<string> {
  const body = JSON.stringify({ user: 'alice', roles });
  const answer = await fetch(`${app.url}/.local/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** With the token that was got before the restart. */
async function ask(path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=50' };
  const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const answer = await fetch(`${app.url}${path}`, { headers: body ? { ...headers, prefer: '' } : headers, ...sent });
  return answer.json();
}

async function submit(address: string, port: number): Promise<string> {
  const answer = await ask('/api/checks', { source: web, destination: { address, port }, protocol: 'Tcp' });
  return checkViewSchema.parse(answer).id;
}

/** A step of the check was logged, and the next is not due yet. */
const stepped = (id: string, outcome: string) =>
  until(`a step that is ${outcome}`, 30, () =>
    Promise.resolve(app.log.some((line) => [id, 'step', outcome].every((word) => line.includes(`\\"${word}\\"`)))),
  );

const outcomeOf = async (id: string) => {
  const { status, verdict } = checkViewSchema.parse(await ask(`/api/checks/${id}`));
  return [status, verdict.reachability, verdict.reasons[0]?.rule];
};

it('a check that Azure runs goes on after a crash, and ends as it would have; what was signed before still holds', async () => {
  const id = await submit('10.1.4.4', 22);
  await stepped(id, 'running');
  await app.kill();
  app = await start();
  expect(await outcomeOf(id)).toEqual(['Succeeded', 'Unreachable', 'DenySshInbound']);
  const line = / {2}alice +web-01 → 10\.1\.4\.4:22 Tcp +Unreachable \(\d+ s\)$/;
  await until('its line', 5, () => Promise.resolve(app.terminal.some((shown) => line.test(shown))));
  await fetch(`${app.url}/api/audit/checkpoints`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  expect(await ask('/api/audit/verification')).toMatchObject({ valid: true, faults: [] });
});

it.each([
  ['Ctrl-C', () => app.stop()],
  ['a crash', () => app.kill()],
])('a check that waits for Azure to take it goes on after %s', async (_, end) => {
  const id = await submit('10.1.5.2', 443);
  await stepped(id, 'postponed');
  await end();
  app = await start();
  expect(await outcomeOf(id)).toEqual(['Succeeded', 'Reachable', undefined]);
});

it('a start at once after a crash waits for the storage to be written: nothing that was accepted is lost', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, (_, n) => submit('10.1.2.4', 1433 + n)));
  await app.kill();
  app = await start();
  const { value } = (await ask('/api/checks')) as { value: readonly { id: string }[] };
  expect(value.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});
