import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../../stand-ins/server/start-loopback-server.ts';
import type { Decide } from '../support/faults/fault-proxy.ts';
import { type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches } from '../support/faults/invariants.ts';
import type { Io } from '../support/faults/io-trace.ts';
import type { Stored } from '../support/faults/stored-state.ts';
import { ownAccount } from '../support/run/own-account.ts';

const THROTTLED = 20;

let azure: FaultyAzure;
beforeAll(async () => {
  azure = await startFaultyAzure(ownAccount());
});
afterEach(() => azure.endApps());
afterAll(() => azure.stop());

const to = (address: string) => ({ destination: { address, port: 443 } });
const ioOf = (key: string, operation: string): Io[] =>
  azure.trace.log.filter((io) => io.operation === operation && io.checkIds.includes(azure.checkIdOf(key)));

describe('what Azure does to checks that run at the same time', () => {
  let stored: Stored;
  let otherHost: LoopbackServer;
  const askedOfOtherHost: string[] = [];
  const checkOf = (key: string) => stored.checks.get(azure.checkIdOf(key));

  const decide: Decide = ({ operation, checkIds }, stage) => {
    if (operation !== 'begin') return undefined;
    if (stage === 'before' && checkIds.includes(azure.checkIdOf('throttled'))) {
      if (ioOf('throttled', 'begin').length > THROTTLED) return undefined;
      return { kind: 'answer', status: 429, headers: { 'retry-after': '1' } };
    }
    if (stage === 'before' || !checkIds.includes(azure.checkIdOf('elsewhere'))) return undefined;
    return { kind: 'answer', status: 202, headers: { location: `${otherHost.url}/operation`, 'retry-after': '1' } };
  };

  beforeAll(async () => {
    otherHost = await startLoopbackServer((request, response) => {
      askedOfOtherHost.push(request.url ?? '');
      response.end();
      return Promise.resolve();
    });
    const app = await azure.start({ decide });
    // Equal ones would share a run.
    await azure.ask(app, 'throttled');
    await azure.ask(app, 'neighbour', to('10.60.0.1'));
    await azure.ask(app, 'lost', to('10.1.5.12'));
    await azure.ask(app, 'elsewhere', to('10.60.0.2'));
    stored = await azure.settle(app, { withinSeconds: 80 });
    await app.stop();
  });
  afterAll(() => otherHost.stop());

  it('a check that is throttled twenty times waits as told each time, and others go past it', () => {
    const begun = ioOf('throttled', 'begin').map((io) => io.begun);
    const waits = begun.slice(1).map((time, i) => time - (begun[i] ?? 0));
    expect(waits).toHaveLength(THROTTLED);
    expect(waits.filter((wait) => wait < 1000)).toEqual([]);
    expect(checkOf('throttled')).toMatchObject({ status: 'Succeeded', attempts: THROTTLED + 1 });
    expect(checkOf('neighbour')).toMatchObject({ status: 'Succeeded', attempts: 1 });
    const seconds = (Date.parse(checkOf('neighbour')?.dueAt ?? '') - (begun[0] ?? 0)) / 1000;
    expect(seconds).toBeLessThan(10);
  });

  it('an operation that Azure has lost is asked for five times, and then the check has failed', () => {
    expect(checkOf('lost')).toMatchObject({ status: 'Failed', error: { code: 'AzureRefused' }, answerStatus: 404 });
    expect(ioOf('lost', 'poll')).toHaveLength(5);
  });

  it('an operation that is said to be on another host fails, and no token goes there', () => {
    expect(checkOf('elsewhere')).toMatchObject({ status: 'Failed', error: { code: 'AzureFailed' } });
    expect(askedOfOtherHost).toEqual([]);
    expect(ioOf('elsewhere', 'begin')).toHaveLength(1);
  });

  it('each of them has exactly one end', () => {
    const accepted = ['throttled', 'neighbour', 'lost', 'elsewhere'].map((key) => azure.checkIdOf(key));
    expect(breaches({ accepted, stored, log: azure.trace.log })).toEqual([]);
  });
});

it('an operation that never ends fails at its deadline, and nothing is asked of it afterwards', async () => {
  const app = await azure.start({ settings: { CHECK_DEADLINE_SECONDS: '4' } });
  await azure.ask(app, 'endless', to('10.1.5.10'));
  const stored = await azure.settle(app);
  const id = azure.checkIdOf('endless');
  const check = stored.checks.get(id);
  expect(check).toMatchObject({ status: 'Failed', error: { code: 'DeadlineExceeded' } });
  const [started = '', finished = ''] = check?.status === 'Failed' ? [check.startedAt, check.finishedAt] : [];
  expect((Date.parse(finished) - Date.parse(started)) / 1000).toBeGreaterThanOrEqual(4);
  expect(breaches({ accepted: [id], stored, log: azure.trace.log })).toEqual([]);
  const polls = ioOf('endless', 'poll').length;
  await azure.handled();
  await azure.settle(app);
  expect(ioOf('endless', 'poll')).toHaveLength(polls);
});
