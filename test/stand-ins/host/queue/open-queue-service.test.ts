import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openQueueService } from '../../../../stand-ins/host/queue/open-queue-service.ts';

const connectionString = (port: number) =>
  `DefaultEndpointsProtocol=http;AccountName=local;AccountKey=bG9jYWw=;QueueEndpoint=http://127.0.0.1:${port}/local;`;

// One for all tests: @azure/identity keeps the first that it finds for as long as the process lives.
const asked: URLSearchParams[] = [];
const endpoint = createServer((request, response) => {
  asked.push(new URL(request.url ?? '', 'http://x').searchParams);
  const expires = String(Math.floor(Date.now() / 1000) + 3600);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ access_token: 'token', expires_on: expires, token_type: 'Bearer' }));
});
beforeAll(async () => {
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`);
  vi.stubEnv('IDENTITY_HEADER', 'header');
});
afterAll(() => {
  endpoint.close();
  vi.unstubAllEnvs();
});

test('a connection string is found under AzureWebJobs and the name first, then under the name', async () => {
  const both = { Data: connectionString(1), AzureWebJobsData: connectionString(2) };
  expect((await openQueueService('Data', both)).url).toBe('http://127.0.0.1:2/local');
  expect((await openQueueService('Data', { Data: connectionString(1) })).url).toBe('http://127.0.0.1:1/local');
});

test('an identity connection names the queue service or the account', async () => {
  const byUri = await openQueueService('Data', { Data__queueServiceUri: 'https://one.queue.core.windows.net/' });
  const byAccount = await openQueueService('Data', { AzureWebJobsData__accountName: 'two' });
  expect([byUri.url, byAccount.url]).toEqual([
    'https://one.queue.core.windows.net/',
    'https://two.queue.core.windows.net',
  ]);
});

test.each([
  ['a user-assigned identity', { Data__credential: 'managedidentity', Data__clientId: 'client-1' }, 'client-1'],
  ['the default credential’s identity', { Data__clientId: 'client-2' }, 'client-2'],
  ['the system-assigned identity', { Data__credential: 'managedidentity' }, null],
])('%s is asked for a token of storage', async (_who, settings, clientId) => {
  asked.length = 0;
  // Nothing listens at this address: the token is asked for first.
  const uri = { Data__queueServiceUri: 'https://127.0.0.1:1/account' };
  const service = await openQueueService('Data', { ...uri, ...settings });
  await expect(service.getQueueClient('queue').receiveMessages()).rejects.toThrow('ECONNREFUSED');
  expect(asked.map((query) => [query.get('resource'), query.get('client_id')])).toEqual([
    ['https://storage.azure.com', clientId],
  ]);
});

test('a connection that is not there is told with what to set', async () => {
  await expect(openQueueService('Data', { Data: '' })).rejects.toThrow(
    'set Data to a connection string, or Data__queueServiceUri to use an identity',
  );
});
