import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, askApi } from '../../scripts/audit/ask-api.ts';
import { exportAudit } from '../../scripts/audit/export-audit.ts';
import { startLoopbackServer } from '../../stand-ins/server/start-loopback-server.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const link = (after: string) => ({ link: `<https://elsewhere.example/base/api/audit?after=${after}>; rel="next"` });
const now = () => new Date('2026-03-01T00:00:00Z');
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
const dropped: Answer = (request) => request.socket.destroy();
/** Half of what it announces. */
const cut: Answer = (request, response) => {
  response.writeHead(200, { 'content-length': '100' }).write('half of it', () => request.socket.destroy());
};

let folder: string;
let server: { url: string; stop: () => Promise<void> };
let api: Api;
let answers: Answer[];
let asked: string[];
let slept: number[];

beforeEach(async () => {
  [answers, asked, slept] = [[], [], []];
  folder = await mkdtemp(join(tmpdir(), 'export-'));
  await writeFile(join(folder, 'token'), 'a.b.c\n');
  server = await startLoopbackServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    (answers.shift() ?? status(410))(request, response);
    return Promise.resolve();
  });
  const sleep = (milliseconds: number) => Promise.resolve(slept.push(milliseconds));
  api = await askApi({ sleep, now }, { url: `${server.url}/`, tokenFile: join(folder, 'token') });
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const get = async () => {
  const { body, next } = await api.get('/api/audit', 'text/csv');
  return [body.toString(), next];
};

describe('the client of the audit', () => {
  it('sends the token to the given address only, also for the next page', async () => {
    answers = [good('text', link('x'))];
    expect(await get()).toEqual(['text', '/api/audit?after=x']);
    expect(asked).toEqual(['/api/audit Bearer a.b.c']);
  });

  it('tries again, with growing pauses, what passes: errors of a gateway, lost connections, bodies that are cut off', async () => {
    answers = [status(502), dropped, status(500), cut, status(504), good('whole')];
    expect((await get())[0]).toBe('whole');
    expect(slept).toEqual([1000, 2000, 4000, 8000, 16_000]);
  });

  it('waits as Retry-After says, up to a minute', async () => {
    const headers = ['7', '0', '3600', 'Sun, 01 Mar 2026 00:00:09 GMT', 'soon'].map((each) => ({
      'retry-after': each,
    }));
    answers = [...headers.map((each) => status(503, each)), good('whole')];
    expect((await get())[0]).toBe('whole');
    expect(slept).toEqual([7000, 1000, 60_000, 9000, 16_000]);
  });

  it('gives up after six tries, and says what it met last', async () => {
    answers = [dropped, dropped, dropped, dropped, dropped, status(503), good('too late')];
    await expect(get()).rejects.toThrow('The proxy answered 503 to /api/audit: trouble (tried 6 times)');
    expect(asked).toHaveLength(6);
    answers = Array.from({ length: 6 }, () => dropped);
    await expect(get()).rejects.toThrow(`The proxy at ${server.url} gave no whole answer to /api/audit: `);
  });

  it.each([302, 400, 401, 403, 404])('does not repeat what was answered with %i', async (code) => {
    answers = [status(code, { location: 'https://elsewhere.example/' })];
    await expect(get()).rejects.toThrow(`The proxy answered ${code} to /api/audit: trouble`);
    expect([asked.length, slept]).toEqual([1, []]);
  });
});

describe.each([
  ['csv', 'id\r\n'],
  ['ndjson', ''],
])('an export as %s', (type, header) => {
  const pages = [1, 2, 3].map((page) => `${header}event ${page}\r\n`);
  const whole = `${header}event 1\r\nevent 2\r\nevent 3\r\n`;
  const order = (after?: string) => ({
    ...{ from: '2026-03-01', to: '2026-04-01', after, out: join(folder, `all.${type}`), progress: () => undefined },
  });

  it('that is interrupted leaves whole pages and says how to go on, and then is as if nothing had been', async () => {
    answers = [good(pages[0]!, link('x')), cut, good(pages[1]!, link('y')), cut, status(403)];
    const error = await exportAudit(api, order()).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(
      /The proxy answered 403 .*\n.*all\.\w+\.part has what came until then\. .* --after y$/,
    );
    expect(await readdir(folder)).toEqual([`all.${type}.part`, 'token']);
    expect(await readFile(`${order().out}.part`, 'utf8')).toBe(whole.replace('event 3\r\n', ''));
    answers = [good(pages[2]!)];
    await exportAudit(api, order('y'));
    expect(asked.at(-1)).toBe('/api/audit?from=2026-03-01&to=2026-04-01&after=y Bearer a.b.c');
    expect(await readdir(folder)).toEqual([`all.${type}`, 'token']);
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
    expect(await readdir(folder)).toEqual(['token']);
  });
});
