import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startQueueServer } from '../../../stand-ins/storage/queue-server/start-queue-server.ts';
import { storageCheckQueue } from '../../../src/storage/checks/storage-check-queue.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { type Fault, startFaultProxy } from '../../support/faults/fault-proxy.ts';
import { createIoTrace } from '../../support/faults/io-trace.ts';

const xml = { 'content-type': 'application/xml' };
const html = { 'content-type': 'text/html' };
const page = '<!DOCTYPE html><html><body><p>Sign in<br></body></html>';
const answer = (status: number, headers: Record<string, string>, body: string): Fault => ({
  ...{ kind: 'answer', status, headers, body },
});
const odd: [string, Fault][] = [
  ['201 and HTML', answer(201, html, page)],
  ['201 and HTML called XML', answer(201, xml, page)],
  ['201 and nothing', answer(201, xml, '')],
  ['201 and other XML', answer(201, xml, '<?xml version="1.0"?><EnumerationResults/>')],
  ['201 and an empty list', answer(201, xml, '<?xml version="1.0"?><QueueMessagesList/>')],
  ['200 and HTML', answer(200, html, page)],
  ['204', answer(204, {}, '')],
  ['404 and HTML', answer(404, html, page)],
];

let fault: Fault | undefined;
let server: Awaited<ReturnType<typeof startQueueServer>>;
let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
let stage: 'before' | 'after' = 'before';
beforeAll(async () => {
  server = await startQueueServer();
  proxy = await startFaultProxy({
    ...{ service: 'queue', upstream: server.url, trace: createIoTrace() },
    decide: (_io, when) => (when === stage ? fault : undefined),
  });
});
afterAll(() => Promise.all([server.stop(), proxy.stop()]));

const queueAt = (url: string) => {
  const account = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;QueueEndpoint=${url}/a`;
  return connect({ kind: 'connectionString', connectionString: account }, () => {
    throw new Error('no identity is needed');
  }).queue('checks');
};
const waiting = async (): Promise<number> =>
  (await queueAt(server.url).peekMessages({ numberOfMessages: 32 })).peekedMessageItems.length;

describe('a send that storage answers with', () => {
  beforeAll(() => queueAt(server.url).createIfNotExists());
  const shaky = () => storageCheckQueue(queueAt(proxy.url));

  it.each(odd)('%s in its place is not taken for sent', async (_what, each) => {
    [fault, stage] = [each, 'before'];
    await expect(shaky().send('a', 0)).rejects.toMatchObject({ code: 'StorageUnavailable' });
    fault = undefined;
    expect(await waiting()).toBe(0);
  });

  it('what it should, behind a byte order mark, is sent once or told as trouble', async () => {
    const told = `\ufeff<?xml version="1.0" encoding="utf-8"?><QueueMessagesList><QueueMessage><MessageId>1</MessageId><InsertionTime>Mon, 06 May 2024 07:08:39 GMT</InsertionTime><ExpirationTime>Mon, 06 May 2034 07:08:39 GMT</ExpirationTime><PopReceipt>p</PopReceipt><TimeNextVisible>Mon, 06 May 2024 07:08:39 GMT</TimeNextVisible></QueueMessage></QueueMessagesList>`;
    [fault, stage] = [answer(201, xml, told), 'after'];
    const trouble = await shaky()
      .send('a', 0)
      .catch((error: unknown) => error);
    fault = undefined;
    if (trouble !== undefined) expect(trouble).toMatchObject({ code: 'StorageUnavailable' });
    expect(await waiting()).toBeGreaterThan(0);
  });

  it('nothing odd at all is sent', async () => {
    const before = await waiting();
    fault = undefined;
    await shaky().send('a', 0);
    expect(await waiting()).toBe(before + 1);
  });
});
