import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptPort } from '../../../stand-ins/kept/kept-port.ts';
import { keptSecret } from '../../../stand-ins/kept/kept-secret.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a port is the same from one start to the next', async () => {
  const file = join(folder, 'data', 'port');
  const first = await keptPort(file);
  expect(first).toEqual({ port: expect.any(Number) });
  expect(await keptPort(file)).toEqual(first);
  expect(readFileSync(file, 'utf8')).toBe(String(first.port));
});

test('a port that somebody else has is given up, and said to be lost', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  const file = join(folder, 'port');
  writeFileSync(file, String(taken));
  const { port, lost } = await keptPort(file);
  expect(lost).toBe(taken);
  expect(port).not.toBe(taken);
  expect(await keptPort(file)).toEqual({ port });
  server.close();
});

test('a file that holds no port is as none', async () => {
  const file = join(folder, 'port');
  writeFileSync(file, 'x');
  expect(await keptPort(file)).toEqual({ port: expect.any(Number) });
});

test('of many who make a secret at once, all get the same', async () => {
  let count = 0;
  const secrets = await Promise.all(
    Array.from({ length: 20 }, () => keptSecret(join(folder, 'new'), 'secret', () => Promise.resolve(`s${count++}`))),
  );
  expect(new Set(secrets).size).toBe(1);
});
