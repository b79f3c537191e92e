import { randomUUID } from 'node:crypto';
import { TableClient } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import { toAnswerProperties } from '../src/storage/answer-properties.ts';
import { answeredAtOnce } from './checks.ts';

/** As long as the app's own row and event. */
const ROW = 'x'.repeat(1600);
const EVENT = 'x'.repeat(1100);
const ANSWER = JSON.stringify({ hops: Array.from({ length: 4 }, () => ({ id: randomUUID(), text: 'x'.repeat(300) })) });

/** As in the app, there are 16 partitions. */
const partitionOf = (id: string): string => id.slice(-1);

export interface BareCalls {
  /** What storage and ARM are asked when a check is accepted. */
  submit(): Promise<string>;
  /** What they are asked by the step of a check that ARM answers at once. */
  stepAtOnce(id: string): Promise<void>;
  /** What they are asked by the step that polls and ends a check. */
  lastPoll(id: string): Promise<void>;
}

interface Deps {
  readonly connectionString: string;
  /** Makes a call to ARM. */
  readonly arm: () => Promise<unknown>;
}

/** The calls to storage and ARM that a check needs, and nothing else, in tables of their own. */
export async function bareCalls({ connectionString, arm }: Deps): Promise<BareCalls> {
  const table = (name: string) =>
    TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true });
  const [checks, audit] = [table('barechecks'), table('bareaudit')];
  const queue = new QueueClient(connectionString, 'bare');
  await Promise.all([checks.createTable(), audit.createTable(), queue.createIfNotExists()]);
  const answer = await toAnswerProperties(ANSWER);

  const row = (id: string) => ({ partitionKey: partitionOf(id), rowKey: `check!${id}`, check: ROW });
  const marker = (id: string) => ({
    partitionKey: partitionOf(id),
    rowKey: `open!${id}`,
    dueAt: new Date().toISOString(),
    sweeps: 0,
  });
  const history = (id: string) => ({
    partitionKey: partitionOf(id),
    rowKey: `by!${id}`,
    at: new Date().toISOString(),
    open: true,
  });
  const event = (id: string, n: number) =>
    audit.createEntity({ partitionKey: id, rowKey: String(n), action: 'requested', event: EVENT });
  type Actions = Parameters<TableClient['submitTransaction']>[0];
  const write = async (id: string, etag: string, more: Actions): Promise<string> => {
    const written = await checks.submitTransaction([['update', row(id), 'Replace', { etag }], ...more]);
    return written.subResponses[0]?.etag ?? '';
  };
  const received = async (id: string, work: (etag: string) => Promise<void>): Promise<void> => {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 1, visibilityTimeout: 600 });
    const { etag } = await checks.getEntity(partitionOf(id), `check!${id}`);
    await work(etag);
    for (const { messageId, popReceipt } of receivedMessageItems) await queue.deleteMessage(messageId, popReceipt);
  };
  const end = async (id: string, etag: string, n: number): Promise<void> => {
    const result = { partitionKey: partitionOf(id), rowKey: `answer!${id}`, ...answer };
    const open: Actions = [
      ['upsert', marker(id), 'Replace'],
      ['upsert', history(id), 'Replace'],
    ];
    const ended = await write(id, etag, [...open, ['upsert', result, 'Replace']]);
    await event(id, n);
    await write(id, ended, [
      ['delete', marker(id)],
      ['upsert', history(id), 'Replace'],
    ]);
  };

  return {
    async submit() {
      const id = randomUUID();
      await event(id, 1);
      await checks.submitTransaction([
        ['create', row(id)],
        ['create', marker(id)],
        ['create', history(id)],
      ]);
      await queue.sendMessage(Buffer.from(JSON.stringify({ checkId: id })).toString('base64'), {
        messageTimeToLive: -1,
      });
      return id;
    },
    stepAtOnce: (id) =>
      received(id, async (etag) => {
        const mine = await write(id, etag, [['upsert', marker(id), 'Replace']]);
        await event(id, 2);
        await arm();
        await end(id, mine, 3);
      }),
    lastPoll: (id) =>
      received(id, async (etag) => {
        await arm();
        await end(id, etag, 3);
      }),
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
