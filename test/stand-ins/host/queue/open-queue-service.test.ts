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

test('a connection string comes before an identity', async () => {
  const both = { AzureWebJobsStorage: connectionString(1), AzureWebJobsStorage__queueServiceUri: 'https://q.example' };
  expect((await openQueueService(both)).url).toBe('http://127.0.0.1:1/local');
});

test.each([
  ['a user-assigned identity', { AzureWebJobsStorage__clientId: 'client-1' }, 'client-1'],
  ['the system-assigned identity', {}, null],
])('%s is asked for a token of storage', async (_who, settings, clientId) => {
  asked.length = 0;
  // Nothing listens at this address: the token is asked for first.
  const uri = { AzureWebJobsStorage__queueServiceUri: 'https://127.0.0.1:1/account' };
  const service = await openQueueService({ ...uri, ...settings });
  await expect(service.getQueueClient('queue').receiveMessages()).rejects.toThrow('ECONNREFUSED');
  expect(asked.map((query) => [query.get('resource'), query.get('client_id')])).toEqual([
    ['https://storage.azure.com', clientId],
  ]);
});

test('storage that is not there is told with what to set', async () => {
  await expect(openQueueService({ AzureWebJobsStorage: '' })).rejects.toThrow(
    'set AzureWebJobsStorage to a connection string, or AzureWebJobsStorage__queueServiceUri to use an identity',
  );
});
