import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { callbackKey } from '../../src/webhook/callback-secret.ts';
import { createPost } from '../../src/webhook/create-post.ts';
import { until } from '../support/until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const snippet = /## Callbacks[^]*?```js\n([^]*?)```/.exec(readFileSync(`${root}docs/api.md`, 'utf8'))?.[1] ?? '';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('the receiver of docs/api.md takes what is signed with its key, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'receiver-'));
  symlinkSync(`${root}node_modules`, join(folder, 'node_modules'));
  const port = await freePort();
  writeFileSync(join(folder, 'receiver.mjs'), snippet.replace('8080', String(port)));
  const [secret, other] = ['a', 'b'].map((sign) => Buffer.alloc(32, sign)) as [Buffer, Buffer];
  const child = spawn(process.execPath, [join(folder, 'receiver.mjs')], {
    env: { CALLBACK_KEY: callbackKey(secret, `http://127.0.0.1:${port}`) },
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  try {
    const body = JSON.stringify({ type: 'check.ended', data: { id: 'id-1', verdict: { summary: 'It works.' } } });
    const message = { url: new URL(`http://127.0.0.1:${port}/`), id: 'id-1', body, deniedAddress: () => undefined };
    const send = (...secrets: Buffer[]) =>
      createPost({
        ...{ secrets, resolve: (host) => Promise.resolve([host]), now: () => new Date(), timeoutMilliseconds: 2000 },
      })(message);
    await until('the receiver', 20, async () => (await send(other)).kind === 'answered');
    expect(await send(other)).toEqual({ kind: 'answered', status: 400 });
    expect(await send(secret)).toEqual({ kind: 'answered', status: 204 });
    expect(await send(other, secret)).toEqual({ kind: 'answered', status: 204 });
    // What a process says can come after its answer.
    await expect.poll(() => said).toBe('check.ended id-1 It works.\n'.repeat(2));
  } finally {
    child.kill();
    await once(child, 'exit');
    rmSync(folder, { recursive: true });
  }
});
