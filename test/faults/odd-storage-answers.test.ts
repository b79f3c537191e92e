import { randomUUID } from 'node:crypto';
import type { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startBlobServer } from '../../stand-ins/storage/start-blob-server.ts';
import { startTableServer, tablesAt } from '../../stand-ins/storage/table-server/start-table-server.ts';
import type { AuditHistory } from '../../src/audit/audit-history.ts';
import { parseSigningKey } from '../../src/audit/checkpoint/signing-key.ts';
import { seal } from '../../src/audit/seal/seal.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import type { Answer, NetworkWatcher } from '../../src/check/ports/network-watcher.ts';
import { createRunExclusive } from '../../src/check/run-exclusive.ts';
import { step } from '../../src/check/step.ts';
import { submit } from '../../src/check/submit.ts';
import { sweep } from '../../src/check/sweep.ts';
import { Problem } from '../../src/contract/problem.ts';
import { deliver } from '../../src/notify/deliver.ts';
import { checkAsSubject } from '../../src/notify/ended-check.ts';
import { createListeners } from '../../src/notify/listeners.ts';
import type { Message, PostOutcome } from '../../src/notify/ports/post.ts';
import { sweepNotices } from '../../src/notify/sweep-notices.ts';
import { blobCheckpoints } from '../../src/storage/audit/blob-checkpoints.ts';
import { tableAuditHistory } from '../../src/storage/audit/table-audit-history.ts';
import { tableAuditLog } from '../../src/storage/audit/table-audit-log.ts';
import { tableAuditRows } from '../../src/storage/audit/table-audit-rows.ts';
import { tableRefusalCounts } from '../../src/storage/audit/table-refusal-counts.ts';
import { tableSealState } from '../../src/storage/audit/table-seal-state.ts';
import { tableCheckStore } from '../../src/storage/checks/table-check-store.ts';
import { tableRuns } from '../../src/storage/checks/table-runs.ts';
import { tableOverdueChecks } from '../../src/storage/checks/table-overdue-checks.ts';
import { tableIdSecret } from '../../src/storage/ids/table-id-secret.ts';
import { tablePauses } from '../../src/storage/checks/table-pauses.ts';
import { tableRequesterHistory } from '../../src/storage/checks/table-requester-history.ts';
import { tableNotices } from '../../src/storage/notices/table-notices.ts';
import { rowProofs } from '../../src/storage/guards/row-proofs.ts';
import { connect } from '../../src/storage/table/connect.ts';
import { resourceNames } from '../../src/triggers.ts';
import { type Decide, startFaultProxy } from '../support/faults/fault-proxy.ts';
import { breaches } from '../support/faults/invariants.ts';
import { createIoTrace } from '../support/faults/io-trace.ts';
import { oddAnswers } from '../support/faults/odd-answers.ts';
import { openIds, storedState } from '../support/faults/stored-state.ts';
import {
  askedOf,
  accepted as running,
  done,
  policyOf,
  sampleSubmission,
  noStates,
} from '../support/memory/memory-proxy.ts';
import { memoryCheckQueue, memoryNoticeQueue } from '../support/memory/memory-storage.ts';
import { newSigningKey } from '../support/new-signing-key.ts';
import { sampleCaller, sampleTime, watcherId } from '../support/samples.ts';
import { seededRandom } from '../support/seeded-random.ts';

const CHECKS = inject('tier') === 'fast' ? 25 : 500;
/** Of requests to tables so many are answered oddly instead of being done, and so many of the others once they are done. */
const SHARE = 0.05;
const AT_ONCE = 16;
/** Minutes of trouble after the last request, and minutes after that in which all must end. */
const [TROUBLED_MINUTES, HEALTHY_MINUTES] = [10, 120];
const DAY_SECONDS = 86_400;

const random = seededRandom(1);
const trace = createIoTrace();
const queue = memoryCheckQueue();
let time = Date.parse(sampleTime);
const now = () => new Date(time);
const pass = (seconds: number): void => void (time += seconds * 1000);

let isTroubled = false;
const odd = { instead: 0, afterwards: 0 };
const decide: Decide = (_io, stage) => {
  if (!isTroubled || random() >= SHARE) return undefined;
  odd[stage === 'before' ? 'instead' : 'afterwards']++;
  return oddAnswers[Math.floor(random() * oddAnswers.length)]?.[1];
};

const account = ['Blob', 'Queue', 'Table'].map((service) => `${service}Endpoint=http://x/devstoreaccount1`).join(';');
const credentials = 'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5';
let [connectionString, shakyConnectionString] = ['', ''];
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const [blobs, tables] = await Promise.all([startBlobServer(), startTableServer()]);
  const proxy = await startFaultProxy({ service: 'table', upstream: tables.url, trace, decide });
  connectionString = tables.connectionString(blobs.connectionString(`${credentials};${account}`));
  shakyConnectionString = tablesAt(proxy.url)(connectionString);
  stops.push(proxy.stop, tables.stop, blobs.stop);
});
afterAll(() => Promise.all(stops.map((stop) => stop())));

const signingKey = parseSigningKey(newSigningKey())!;
const proofs = rowProofs(signingKey, () => undefined);
/** Ids of checks whose end was told to the log. */
const ends: string[] = [];
/** Ids of messages that receivers got; every third is not taken. */
const told: string[] = [];
const noticeQueue = memoryNoticeQueue();
const policy = policyOf([{ id: 'all', effect: 'allow' }], {}, { callbacks: ['https://hooks.example.com/**'] });
const url = 'https://hooks.example.com/ended';

/** The rules of a check, and the audit's, on the adapters of the app. */
function proxyOn(storageOf: string, watcher: NetworkWatcher) {
  const { checks, audit, container, notices: noticesTable } = connected(storageOf);
  const notices = { notices: tableNotices(noticesTable), noticeQueue, now };
  const ports = {
    ...{ now, newId: () => randomUUID(), random, policy, paused: false, deputy: 'system-assigned' },
    ...{ queue, watcher, sources: noStates, runExclusive: createRunExclusive(), knownRequests: new Map() },
    store: tableCheckStore(checks, randomUUID),
    audit: tableAuditLog({ audit, checks, proofs }),
    history: tableRequesterHistory(checks, proofs),
    refusals: tableRefusalCounts(checks, proofs),
    pauses: tablePauses(checks, proofs),
    runs: tableRuns(checks),
    idSecret: tableIdSecret(checks, randomUUID),
    overdue: tableOverdueChecks(checks),
    auditRows: tableAuditRows(audit),
    checkpoints: blobCheckpoints(container),
    // Storage's clock is the test's.
    sealState: { ...tableSealState({ audit, checks }), clock: () => Promise.resolve(now()) },
    signingKey,
    signatures: signingKey,
    deadlines: { queueSeconds: DAY_SECONDS, checkSeconds: DAY_SECONDS },
    sleep: (milliseconds: number) => {
      pass(milliseconds / 1000);
      return Promise.resolve();
    },
    warn: () => undefined,
    tellGarbled: () => undefined,
    onEnded: ({ id }: { readonly id: string }) => void ends.push(id),
    listeners: createListeners(notices, 'check'),
    ...notices,
    post: ({ id }: Message): Promise<PostOutcome> => {
      told.push(id);
      return Promise.resolve({ kind: 'answered', status: told.length % 3 === 0 ? 503 : 204 });
    },
  };
  return { ...ports, findSubject: checkAsSubject(ports) };
}
type Proxy = ReturnType<typeof proxyOn>;

function connected(storageOf: string) {
  const storage = connect({ kind: 'connectionString', connectionString: storageOf }, () => {
    throw new Error('no identity is needed');
  });
  return {
    checks: storage.table(resourceNames.checksTable),
    audit: storage.table(resourceNames.auditTable),
    notices: storage.table(resourceNames.noticesTable),
    container: storage.container(resourceNames.checkpoints),
  };
}

/** What the audit had of a check when ARM was asked to begin it, and how often ARM had been asked by then, this time included. */
interface Begin {
  /** Actions, the first event's first. */
  readonly audited: readonly string[];
  readonly times: number;
}

/** In turn ARM answers at once, answers later, and refuses; it notes what the audit says of the check that it begins. */
function scriptedWatcher(history: AuditHistory): { watcher: NetworkWatcher; begins: Begin[] } {
  const refused: Answer = { kind: 'failed', arm: { status: 400 }, failure: { code: 'AzureRefused', message: 'No.' } };
  const [answers, begins, times] = [[done, running, refused], Array<Begin>(), new Map<string, number>()];
  const watcher: NetworkWatcher = {
    find: () => Promise.resolve({ kind: 'found', networkWatcher: watcherId }),
    poll: () => Promise.resolve(done),
    begin: async (_networkWatcher, _parameters, { clientRequestId: checkId }) => {
      const headers = { 'x-ms-client-request-id': checkId };
      const path = `${watcherId}/connectivityCheck`;
      trace.begin({ service: 'arm', method: 'POST', path, headers, body: '' }).executed = true;
      times.set(checkId, (times.get(checkId) ?? 0) + 1);
      const { events } = await history.page({ checkId }, 100);
      begins.push({ audited: events.map(({ action }) => action).reverse(), times: times.get(checkId) ?? 0 });
      return answers[begins.length % answers.length] ?? done;
    },
  };
  return { watcher, begins };
}

/** How often a use case said that storage, or the audit, cannot be reached now. Whatever else it throws is a defect. */
let unavailable = 0;
async function orTrouble<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const isTold = error instanceof Problem && ['StorageUnavailable', 'AuditUnavailable'].includes(error.code);
    if (!isTold) throw error;
    unavailable++;
    return undefined;
  }
}

async function forEach<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function rowsOf(table: TableClient): Promise<object[]> {
  const rows: object[] = [];
  for await (const row of table.listEntities()) rows.push(row);
  return rows;
}

/** Asks, and asks again where it was told to: half of the callers with an idempotency key. */
async function accept(proxy: Proxy, number: number): Promise<string> {
  const key = number % 2 === 0 ? { idempotencyKey: `key ${number}` } : {};
  const [actor, { asked, ...more }] = sampleSubmission({ caller: sampleCaller(`user-${number % 20}`), ...key });
  // Three of four, so that checks without one are among both those with a key and those without.
  const callback = number % 4 === 1 ? {} : { callback: { url } };
  // No two ask for the same: they would share a run.
  const destination = { address: '10.1.2.4', port: 2000 + number };
  const ofNumber = askedOf({ ...asked.request, destination });
  const submission = [actor, { asked: { ...asked, ...ofNumber, ...callback }, ...more }] as const;
  for (let tries = 0; tries < 20; tries++) {
    const answer = await orTrouble(() => submit(proxy, ...submission));
    if (answer) return answer.check.id;
  }
  throw new Error(`The check ${number} was not accepted.`);
}

/** A minute later: the sweeper wakes what stands still, each message is a step, and the audit is sealed and verified. */
async function minute(proxy: Proxy): Promise<void> {
  pass(60);
  await orTrouble(() => sweep(proxy));
  // A step that fails sends no message again: its check is the sweeper's.
  await forEach(queue.sent.splice(0), ({ checkId }) =>
    orTrouble(() => proxy.runExclusive(checkId, () => step(proxy, checkId))),
  );
  await orTrouble(() => sweepNotices(proxy));
  await forEach(noticeQueue.sent.splice(0), ({ key }) => orTrouble(() => deliver(proxy, key)));
  await orTrouble(() => seal(proxy));
  // An odd answer is no reason to say that somebody changed the audit.
  const verified = await orTrouble(() => verify(proxy, { from: new Date(sampleTime) }));
  expect(verified?.faults ?? []).toEqual([]);
}

it(`${CHECKS} checks, of whose requests to storage a tenth gets an odd answer, all end once, and the audit proves it`, async () => {
  const { watcher, begins } = scriptedWatcher(tableAuditHistory({ ...connected(connectionString), now }));
  const proxy = proxyOn(shakyConnectionString, watcher);

  isTroubled = true;
  const accepted: string[] = [];
  await forEach(Array(CHECKS).keys(), async (number) => accepted.push(await accept(proxy, number)));
  for (let i = 0; i < TROUBLED_MINUTES; i++) await minute(proxy);
  isTroubled = false;
  const noticesTable = connected(connectionString).notices;
  const isOver = async () => (await openIds(connectionString)).length + (await rowsOf(noticesTable)).length === 0;
  for (let i = 0; i < HEALTHY_MINUTES && !(await isOver()); i++) {
    // What was tried in vain often by then is tried again after hours only.
    if ((await openIds(connectionString)).length === 0) pass(3600);
    await minute(proxy);
  }

  const stored = await storedState(connectionString);
  console.log({ odd, unavailable, stored: stored.checks.size, begins: begins.length, requests: trace.log.length });
  expect(new Set(accepted).size).toBe(CHECKS);
  expect(breaches({ accepted, stored, log: trace.log })).toEqual([]);
  expect(new Set(ends).size).toBe(ends.length);
  const called = [...stored.checks.values()].filter(({ callback }) => callback);
  expect(called.length).toBeGreaterThan(CHECKS / 2);
  const untold = called.filter(({ id, callback }) => callback?.status !== 'delivered' || !told.includes(id));
  expect(
    untold.map(({ id, callback, awaited }) => [id, callback, awaited, told.filter((each) => each === id).length]),
  ).toEqual([]);
  expect(new Set(told).size).toBe(called.length);
  expect(await rowsOf(noticesTable)).toEqual([]);
  expect(begins.length).toBeGreaterThanOrEqual(CHECKS);
  for (const { audited, times } of begins) {
    expect(audited[0]).toBe('requested');
    expect(audited.filter((action) => action === 'started').length).toBeGreaterThanOrEqual(times);
  }

  await seal(proxy);
  // By then what was announced and never came is given up.
  pass(DAY_SECONDS + 60);
  await seal(proxy);
  const events = [...stored.events.values()].flat().length;
  expect(await verify(proxy, { from: new Date(sampleTime) })).toMatchObject({
    ...{ valid: true, faults: [], pending: 0, events },
  });
  for (const count of [...Object.values(odd), unavailable]) expect(count).toBeGreaterThan(CHECKS / 5);
}, 480_000);
