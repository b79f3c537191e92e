import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getPage } from '../../../src/http/page/get-page.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ask = async (publicUrl: string, authority: string) =>
  getPage({ folder: pathToFileURL(`${folder}/`), publicUrl, authority })(
    new HttpRequest({ method: 'GET', url: 'https://proxy.example/' }),
    new InvocationContext(),
  );

it('GET / has no page in a build without one', async () => {
  expect(await ask('https://proxy.example', 'https://login.example')).toEqual({ status: 404 });
});

it('GET / tells the page the proxy’s address, and the browser whom it may ask', async () => {
  await writeFile(join(folder, 'page.html'), '<meta content="{PUBLIC_URL}">');
  const answer = (await ask('https://proxy.example/a"b$&<', 'https://login.example/somewhere')) as {
    body: string;
    headers: Record<string, string>;
  };
  expect(answer.body).toBe('<meta content="https://proxy.example/a&#34;b$&#38;&#60;">');
  expect(answer.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  });
  const policy = answer.headers['content-security-policy']?.split('; ').toSorted();
  expect(policy).toEqual([
    "base-uri 'none'",
    "connect-src 'self' https://login.example",
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "img-src 'self'",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
  ]);
});
