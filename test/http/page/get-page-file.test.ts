import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { HttpRequest, HttpResponse, InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getPageFile } from '../../../src/http/page/get-page-file.ts';
import { expectAsDocumented } from '../answers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
  await writeFile(join(folder, 'client.mjs'), 'export const a = "ü";\n');
  await writeFile(join(folder, 'main.js'), 'secret');
  await writeFile(join(folder, 'host.json'), '{}');
});
afterAll(() => rm(folder, { recursive: true }));

async function ask(file: string, headers: Record<string, string> = {}) {
  const handler = getPageFile({ folder: pathToFileURL(`${folder}/`) });
  const request = new HttpRequest({ method: 'GET', url: `https://proxy.example/page/x`, params: { file }, headers });
  const said = await handler(request, new InvocationContext());
  const answer = new HttpResponse(said as ConstructorParameters<typeof HttpResponse>[0]);
  const text = await answer.text();
  expectAsDocumented('getPageFile', { status: answer.status, headers: answer.headers, text });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text };
}

describe('GET /page/{file}', () => {
  it('serves the client without a token, as a script that is looked for again each time', async () => {
    expect(await ask('client.mjs')).toEqual({
      status: 200,
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        vary: 'accept-encoding',
        etag: expect.stringMatching(/^"[\w-]{27}"$/),
      },
      text: 'export const a = "ü";\n',
    });
  });

  it('answers 304 to who has it', async () => {
    const { headers } = await ask('client.mjs');
    const again = await ask('client.mjs', { 'if-none-match': headers['etag'] ?? '' });
    expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', headers['etag']]);
    expect((await ask('client.mjs', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it.each(['main.js', 'host.json', 'package.json', '../package.json', '', '.', 'toString', '__proto__', 'CLIENT.MJS'])(
    'has no other file: %s',
    async (file) => {
      expect(await ask(file)).toMatchObject({ status: 404, text: '' });
    },
  );

  it('has none that was not built', async () => {
    expect(await ask('netcheck.mjs')).toMatchObject({ status: 404, text: '' });
  });
});

describe('GET /page/{file} for whoever takes gzip', () => {
  const raw = async (accepted: string) => {
    const handler = getPageFile({ folder: pathToFileURL(`${folder}/`) });
    const headers = { 'accept-encoding': accepted };
    const request = new HttpRequest({
      method: 'GET',
      url: 'https://proxy.example/page/x',
      params: { file: 'client.mjs' },
      headers,
    });
    const { body, headers: answered } = (await handler(request, new InvocationContext())) as {
      body: Buffer;
      headers: Record<string, string>;
    };
    return { body, encoding: answered['content-encoding'], etag: answered['etag'] };
  };

  it.each(['gzip', 'deflate, gzip;q=0.5, br', 'GZIP'])('is smaller, and another entity: %s', async (accepted) => {
    const [zipped, plain] = [await raw(accepted), await raw('br')];
    expect(zipped.encoding).toBe('gzip');
    expect(gunzipSync(zipped.body).toString()).toBe('export const a = "ü";\n');
    expect([plain.encoding, plain.body.toString()]).toEqual([undefined, 'export const a = "ü";\n']);
    expect(zipped.etag).not.toBe(plain.etag);
  });

  it.each(['', 'br', 'gzip;q=0', 'gzip;q=0.000', 'x-gzipped'])(
    'is as it was built for others: "%s"',
    async (accepted) => {
      expect((await raw(accepted)).encoding).toBeUndefined();
    },
  );
});
