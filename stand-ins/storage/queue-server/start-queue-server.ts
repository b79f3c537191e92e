import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { startLoopbackServer } from '../../server/start-loopback-server.ts';
import { createOrderedQueue, type Message, type OrderedQueue } from './ordered-queue.ts';

export interface QueueServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Puts a queue server's address in place of another's in a storage connection string. */
export const queuesAt = (url: string) => (other: string) =>
  other.replace(/(QueueEndpoint=)http:\/\/[^/;]+/, `$1${url}`);

/**
 * As much of the Queue service's protocol as the app and its host speak, with messages in the order in which they become
 * visible: a request costs the same however many wait. It is for measuring: it believes every caller.
 */
export async function startQueueServer(now = () => Date.now()): Promise<QueueServer> {
  const queues = new Map<string, OrderedQueue>();
  const server = await startLoopbackServer(async (request, response) => {
    const { status, headers = {}, body = '' } = answerOf(queues, request, await readText(request), now());
    response.writeHead(status, { 'x-ms-version': '2025-01-05', 'content-type': 'application/xml', ...headers });
    response.end(body);
  });
  return { url: server.url, stop: () => server.stop() };
}

const failure = (status: number, code: string): Answer => ({
  status,
  headers: { 'x-ms-error-code': code },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

function answerOf(queues: Map<string, OrderedQueue>, request: IncomingMessage, sent: string, now: number): Answer {
  const { method = '', url = '' } = request;
  const { pathname, searchParams } = new URL(url, 'http://x');
  const [, , name = '', messages, id] = pathname.split('/');
  const queue = queues.get(name);
  if (messages === undefined && method === 'PUT') {
    if (!queue) queues.set(name, createOrderedQueue());
    return { status: queue ? 204 : 201 };
  }
  if (!queue) return failure(404, 'QueueNotFound');
  if (messages === undefined) return { status: 200, headers: { 'x-ms-approximate-messages-count': `${queue.size()}` } };
  if (id === undefined) return ofQueue(queue, method, searchParams, sent, now);
  return ofMessage(queue, method, id, searchParams, now);
}

/** When a message is seen next, by a query's `visibilitytimeout` in seconds. */
const visibleAt = (query: URLSearchParams, now: number, absent: number): number =>
  now + Number(query.get('visibilitytimeout') ?? absent) * 1000;

function ofQueue(queue: OrderedQueue, method: string, query: URLSearchParams, sent: string, now: number): Answer {
  if (method === 'POST') {
    const text = /<MessageText>([^<]*)<\/MessageText>/.exec(sent)?.[1] ?? '';
    const message = { id: randomUUID(), text, insertedAt: now, visibleAt: visibleAt(query, now, 0) };
    return { status: 201, body: listOf([queue.add({ ...message, receipt: randomUUID(), dequeued: 0 })]) };
  }
  const atMost = Number(query.get('numofmessages') ?? 1);
  const first = queue.visible(now, atMost);
  if (query.get('peekonly') === 'true') return { status: 200, body: listOf(first) };
  const received = first.map((message) =>
    queue.replace(message, {
      ...message,
      receipt: randomUUID(),
      visibleAt: visibleAt(query, now, 30),
      dequeued: message.dequeued + 1,
    }),
  );
  return { status: 200, body: listOf(received) };
}

function ofMessage(queue: OrderedQueue, method: string, id: string, query: URLSearchParams, now: number): Answer {
  const message = queue.find(id);
  if (!message) return failure(404, 'MessageNotFound');
  if (message.receipt !== query.get('popreceipt')) return failure(400, 'PopReceiptMismatch');
  if (method === 'DELETE') {
    queue.remove(message);
    return { status: 204 };
  }
  const hidden = queue.replace(message, { ...message, receipt: randomUUID(), visibleAt: visibleAt(query, now, 30) });
  const next = new Date(hidden.visibleAt).toUTCString();
  return { status: 204, headers: { 'x-ms-popreceipt': hidden.receipt, 'x-ms-time-next-visible': next } };
}

/** Messages that never expire, as the app's are. */
const NEVER = 'Fri, 31 Dec 9999 23:59:59 GMT';

const listOf = (messages: readonly Message[]): string =>
  `<?xml version="1.0" encoding="utf-8"?><QueueMessagesList>${messages.map(xmlOf).join('')}</QueueMessagesList>`;

const xmlOf = ({ id, text, insertedAt, visibleAt, receipt, dequeued }: Message): string =>
  `<QueueMessage><MessageId>${id}</MessageId><InsertionTime>${new Date(insertedAt).toUTCString()}</InsertionTime>` +
  `<ExpirationTime>${NEVER}</ExpirationTime><PopReceipt>${receipt}</PopReceipt>` +
  `<TimeNextVisible>${new Date(visibleAt).toUTCString()}</TimeNextVisible><DequeueCount>${dequeued}</DequeueCount>` +
  `<MessageText>${text}</MessageText></QueueMessage>`;
