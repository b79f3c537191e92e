import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, auditApi } from '../../src/cli/audit/api.ts';
import { exportAudit } from '../../src/cli/audit/export-audit.ts';
import { readBase } from '../../src/client/address.ts';
import { createSend } from '../../src/client/send.ts';
import { world } from '../../src/client/world.ts';
import { startLoopbackServer } from '../../stand-ins/server/start-loopback-server.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const link = (after: string) => ({ link: `<https://elsewhere.example/base/api/audit?after=${after}>; rel="next"` });
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(code, headers).end('trouble');
  };
const good =
  (body: string, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(200, headers).end(body);
  };
/** Half of what it announces. */
const cut: Answer = (request, response) => {
  response.writeHead(200, { 'content-length': '100' }).write('half of it', () => request.socket.destroy());
};

let folder: string;
let server: { url: string; stop: () => Promise<void> };
let api: Api;
let answers: Answer[];
let asked: string[];

beforeEach(async () => {
  [answers, asked] = [[], []];
  folder = await mkdtemp(join(tmpdir(), 'export-'));
  server = await startLoopbackServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    (answers.shift() ?? status(410))(request, response);
    return Promise.resolve();
  });
  const base = readBase(server.url);
  const sleep = () => Promise.resolve();
  const send = createSend({ ...world, sleep, base, getToken: () => 'a.b.c', fetch, agent: undefined });
  api = auditApi(base, send, new AbortController().signal);
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

describe.each([
  ['csv', 'id\r\n'],
  ['ndjson', ''],
])('an export as %s', (type, header) => {
  const pages = [1, 2, 3].map((page) => `${header}event ${page}\r\n`);
  const whole = `${header}event 1\r\nevent 2\r\nevent 3\r\n`;
  const advice: string[] = [];
  const order = (after?: string) => ({
    ...{ from: '2026-03-01', to: '2026-04-01', after, out: join(folder, `all.${type}`), progress: () => undefined },
    goingOn: (text: string) => advice.push(text),
  });

  it('that is interrupted leaves whole pages and says how to go on, and then is as if nothing had been', async () => {
    answers = [good(pages[0]!, link('x')), cut, good(pages[1]!, link('y')), cut, status(403)];
    const error = await exportAudit(api, order()).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(
      /What answered is not the proxy.* 403 .*\n.*all\.\w+\.part has what came until then\. .* --after y$/,
    );
    // Whoever interrupts it is told the same.
    expect(advice.map((text) => text.split(' ').at(-1))).toEqual(['again.', 'x', 'y']);
    expect(await readdir(folder)).toEqual([`all.${type}.part`]);
    expect(await readFile(`${order().out}.part`, 'utf8')).toBe(whole.replace('event 3\r\n', ''));
    answers = [good(pages[2]!)];
    await exportAudit(api, order('y'));
    expect(asked.at(-1)).toBe('/api/audit?from=2026-03-01&to=2026-04-01&after=y Bearer a.b.c');
    expect(await readdir(folder)).toEqual([`all.${type}`]);
    expect(await readFile(order().out, 'utf8')).toBe(whole);
  });

  it('that never began says so, and begins anew over what is left of another', async () => {
    await writeFile(`${order().out}.part`, 'of another time');
    answers = [status(401)];
    await expect(exportAudit(api, order())).rejects.toThrow('Nothing was exported: start again.');
    answers = [good(pages[0]!)];
    await exportAudit(api, order());
    expect(await readFile(order().out, 'utf8')).toBe(pages[0]);
  });

  it('does not go on where there is nothing to go on from', async () => {
    await expect(exportAudit(api, order('y'))).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual([]);
  });
});
