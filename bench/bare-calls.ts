import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { TableClient, type TransactionAction } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import type { Check, OpenCheck } from '../src/check/state/check.ts';
import { randomIdFor } from '../src/check/state/check-id.ts';
import { eventOf } from '../src/check/state/event-of.ts';
import { claimed, published, running, succeeded } from '../src/check/state/transition.ts';
import { connectivityInformationSchema } from '../src/arm/connectivity-information.ts';
import { toAnswerProperties } from '../src/storage/checks/answer-properties.ts';
import { toAuditRows } from '../src/storage/audit/audit-rows.ts';
import { answerKey, checkKey, markerKey, shardOf } from '../src/storage/table/check-keys.ts';
import { listRowChanges } from '../src/storage/checks/list-rows.ts';
import { toCheckRow } from '../src/storage/checks/check-row.ts';
import { sealMarkerOf } from '../src/storage/audit/seal-markers.ts';
import { verdictOf } from '../src/verdict/verdict.ts';
import { sampleCaller, sampleCheck, watcherId } from '../test/support/samples.ts';
import { answeredAtOnce } from './checks.ts';

export interface BareMessage {
  readonly check: OpenCheck;
  readonly remove: () => Promise<void>;
}

export interface BareCalls {
  /** What storage is asked when a check is accepted. */
  submit(): Promise<OpenCheck>;
  /** Brings a check that was just accepted to where ARM runs it, as far as the tables are concerned. */
  begin(check: OpenCheck, operationUrl: string): Promise<void>;
  /** Up to so many messages, with the checks that they name as they were last written here. */
  receive(atMost: number): Promise<BareMessage[]>;
  /** What storage and ARM are asked by a step after which ARM has answered and the check has ended. */
  lastStep(check: OpenCheck): Promise<void>;
}

interface Deps {
  readonly connectionString: string;
  /** Its name. Tables are shared, as instances of the app share theirs. */
  readonly queueName: string;
  /** Makes a call to ARM. */
  readonly arm: () => Promise<unknown>;
}

const information = readFileSync(new URL('../test/fixtures/connectivity/reachable.json', import.meta.url), 'utf8');
const verdict = verdictOf(connectivityInformationSchema.parse(JSON.parse(information)), sampleCheck().request);
const eventDeps = { now: () => new Date(), newId: randomUUID, deputy: 'system-assigned' };
const USERS = 64;

/**
 * The calls to storage and ARM that a check needs, one after the other, with the app's own rows, and nothing else: no
 * HTTP in front, no token, policy, host, or wait. In tables and a queue of their own.
 */
export async function bareCalls({ connectionString, queueName, arm }: Deps): Promise<BareCalls> {
  const table = (name: string) =>
    TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true });
  const [checks, audit] = [table('barechecks'), table('bareaudit')];
  const queue = new QueueClient(connectionString, queueName);
  await Promise.all([checks.createTable(), audit.createTable(), queue.createIfNotExists()]);
  const answer = await toAnswerProperties(information);
  const known = new Map<string, OpenCheck>();
  let asked = 0;

  const append = (sequence: number, event: Parameters<typeof sealMarkerOf>[0]['event']) =>
    audit.submitTransaction(toAuditRows({ sequence, event }).map((row): TransactionAction => ['create', row]));

  const write = async (etag: string, from: Check, to: Check, more: TransactionAction[]): Promise<string> => {
    const row = toCheckRow(to, randomUUID());
    const actions: TransactionAction[] = [['update', row, 'Replace', { etag }], ...more, ...listRowChanges(from, to)];
    return (await checks.submitTransaction(actions)).subResponses[0]?.etag ?? '';
  };

  const markerOf = ({ id, dueAt }: Check) => ({
    partitionKey: shardOf(id),
    rowKey: markerKey(id),
    dueAt,
    sweeps: 0,
  });

  /** A transition: the row with its markers, then its event. */
  const move = async (etag: string, from: Check, to: Check, more: TransactionAction[] = []): Promise<string> => {
    const [sequence, event] = [to.audited, to.pendingEvent!];
    const version = await write(etag, from, to, [
      ['upsert', markerOf(to), 'Replace'],
      ['upsert', sealMarkerOf({ sequence, event }), 'Replace'],
      ...more,
    ]);
    await append(sequence, event);
    return version;
  };

  const end = async (etag: string, check: OpenCheck): Promise<void> => {
    const ended = succeeded(eventDeps, check, verdict, { status: 200 });
    const result = { partitionKey: shardOf(check.id), rowKey: answerKey(check.id), ...answer };
    const version = await move(etag, check, ended, [['upsert', result, 'Replace']]);
    await write(version, ended, published(ended), [['delete', markerOf(ended)]]);
  };

  const claim = async (check: OpenCheck) => {
    if (check.status !== 'NotStarted') throw new Error(`Check ${check.id} has been begun already.`);
    const { etag } = await checks.getEntity(shardOf(check.id), checkKey(check.id));
    const mine = claimed(eventDeps, check, watcherId);
    return { version: await move(etag, check, mine), mine: published(mine) };
  };

  return {
    async submit() {
      const caller = sampleCaller(`user-${asked++ % USERS}`);
      const { source, destination, protocol } = answeredAtOnce;
      const check = sampleCheck({
        id: randomIdFor(caller.requester.id, randomUUID()),
        caller,
        request: { source, destination, protocol },
        networkWatcher: watcherId,
        createdAt: new Date().toISOString(),
      });
      const event = eventOf(eventDeps, check, 'requested', {});
      await checks.submitTransaction([['create', sealMarkerOf({ sequence: 1, event })]]);
      await append(1, event);
      await checks.submitTransaction([
        ['create', toCheckRow(check, randomUUID())],
        ['create', markerOf(check)],
        ...listRowChanges(undefined, check),
      ]);
      known.set(check.id, check);
      await queue.sendMessage(Buffer.from(JSON.stringify({ checkId: check.id })).toString('base64'), {
        messageTimeToLive: -1,
      });
      return check;
    },
    async begin(check, operationUrl) {
      const { version, mine } = await claim(check);
      const begun = running(new Date(), mine, operationUrl);
      await write(version, mine, begun, [['upsert', markerOf(begun), 'Replace']]);
      known.set(check.id, begun);
    },
    async receive(numberOfMessages) {
      const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages, visibilityTimeout: 600 });
      return receivedMessageItems.map(({ messageId, popReceipt, messageText }) => {
        const { checkId } = JSON.parse(Buffer.from(messageText, 'base64').toString());
        return {
          check: known.get(String(checkId))!,
          remove: async () => {
            await queue.deleteMessage(messageId, popReceipt);
          },
        };
      });
    },
    async lastStep(check) {
      if (check.status === 'NotStarted') {
        const { version, mine } = await claim(check);
        await arm();
        return end(version, mine);
      }
      const { etag } = await checks.getEntity(shardOf(check.id), checkKey(check.id));
      await arm();
      return end(etag, check);
    },
  };
}

/** One POST to the simulator, which answers it at once. */
export function bareArm(armUrl: string): () => Promise<unknown> {
  const { networkWatcher, ...body } = answeredAtOnce;
  const init = {
    method: 'POST',
    headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const url = `${armUrl}${networkWatcher ?? ''}/connectivityCheck?api-version=2023-09-01`;
  return async () => (await fetch(url, init)).text();
}
