import { TableClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { startAzurite } from '../../../stand-ins/storage/azurite.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: Parameters<typeof startAzurite>[0] = {}) {
  const azurite = await startAzurite(options);
  cleanups.push(() => azurite.stop());
  return azurite;
}

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'azurite-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  return folder;
}

const table = (connectionString: string) =>
  TableClient.fromConnectionString(connectionString, 'kept', {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  });

function part(connectionString: string, name: string): string {
  return new RegExp(`${name}=([^;]+)`).exec(connectionString)?.[1] ?? '';
}

async function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test('tables and queues work with the real clients, and nothing listens after the stop', async () => {
  const azurite = await start();
  const { connectionString } = azurite;
  await table(connectionString).createTable();
  await table(connectionString).createEntity({ partitionKey: 'p', rowKey: 'r', text: 'ü' });
  expect(await table(connectionString).getEntity('p', 'r')).toMatchObject({ text: 'ü' });
  const queue = QueueServiceClient.fromConnectionString(connectionString).getQueueClient('messages');
  await queue.create();
  await queue.sendMessage('hello');
  const { receivedMessageItems } = await queue.receiveMessages();
  expect(receivedMessageItems.map(({ messageText }) => messageText)).toEqual(['hello']);

  const addresses = ['Blob', 'Queue', 'Table'].map((service) => part(connectionString, `${service}Endpoint`));
  expect(await Promise.all(addresses.map(isListening))).toEqual([true, true, true]);
  await azurite.stop();
  await azurite.stop();
  expect(await Promise.all(addresses.map(isListening))).toEqual([false, false, false]);
});

test('every start has a key of its own, and another key opens nothing', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  const keys = [part(one.connectionString, 'AccountKey'), part(two.connectionString, 'AccountKey')] as const;
  expect(keys[0]).not.toBe(keys[1]);
  const wrong = one.connectionString.replace(keys[0], keys[1]);
  await expect(table(wrong).createTable()).rejects.toMatchObject({ statusCode: 403 });
});

test('a folder, made where it is missing, keeps what was written before the stop', async () => {
  const folder = join(await temporaryFolder(), 'data', 'azurite');
  const before = await start({ folder });
  await table(before.connectionString).createTable();
  await table(before.connectionString).createEntity({ partitionKey: 'p', rowKey: 'r', text: 'still here' });
  await before.stop();
  const after = await start({ folder });
  expect(await table(after.connectionString).getEntity('p', 'r')).toMatchObject({ text: 'still here' });
});

test('a start that fails says so with what Azurite said', async () => {
  const folder = await temporaryFolder();
  // Azurite wants to write a file of this name.
  await mkdir(join(folder, '__azurite_db_table__.json'));
  await expect(startAzurite({ folder })).rejects.toThrow(/^Azurite ended .*EISDIR/s);
});

test('Azurite ends when its parent is killed without a chance to clean up', async () => {
  const script = `
    const { startAzurite } = await import(${JSON.stringify(new URL('../../../stand-ins/storage/azurite.ts', import.meta.url).href)});
    console.log((await startAzurite()).connectionString);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(() => Promise.resolve(parent.kill('SIGKILL')));
  const [output] = await once(parent.stdout, 'data');
  const address = part(String(output), 'TableEndpoint');
  expect(await isListening(address)).toBe(true);

  parent.kill('SIGKILL');
  const deadline = Date.now() + 10_000;
  while ((await isListening(address)) && Date.now() < deadline) await wait(50);
  expect(await isListening(address)).toBe(false);
});
