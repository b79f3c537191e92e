import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Home, netcheck, newHome, start } from './netcheck.ts';
import { type ScriptedServer, sends, startScripted } from './scripted-server.ts';
import { readBody } from '../../stand-ins/server/read-body.ts';

const id = '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f';
const none = {
  running: 0,
  reachable: 0,
  unreachable: 0,
  degraded: 0,
  inconclusive: 0,
  failed: 0,
  canceled: 0,
  refused: 0,
};
const set = (counts: object, more: object = {}) => ({
  ...{ id, createdAt: '2026-03-01T10:00:00.000Z', counts: { ...none, ...counts }, refused: [] },
  total: 1,
  checks: [
    {
      source: 'web-01',
      destination: '10.1.2.4',
      port: 22,
      protocol: 'Tcp',
      status: 'Succeeded',
      reachability: 'Reachable',
      sentence: 'So it is.',
    },
  ],
  ...more,
});

let server: ScriptedServer;
let home: Home;
let env: Record<string, string>;
let sent: unknown[];

beforeAll(async () => {
  server = await startScripted();
  home = await newHome();
  env = { ...home.env, NETCHECK_URL: server.url, NETCHECK_TOKEN: 'token' };
});
afterAll(() => server.stop());
beforeEach(() => {
  sent = [];
  server.asked.length = 0;
});

/** Answers what is posted, one after the other; the last one again and again. */
function answersPost(...answers: [body: unknown, status?: number][]): void {
  server.answers['/api/sets'] = (request, response) => {
    void readBody(request).then((body) => {
      sent.push(JSON.parse(body ?? ''));
      const [answer, status = 202] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
      sends(answer, status)(request, response);
    });
  };
}
const run = (words: string[], stdin?: string) => netcheck(words, { env, ...(stdin !== undefined && { stdin }) });
const machines = (...indices: number[]) => ({
  error: {
    code: 'InvalidRequest',
    message: 'The request has faults.',
    requestId: 'r',
    details: indices.map((index) => ({
      code: 'UnknownName',
      message: 'No machine.',
      target: `checks[${index}].destination.name`,
    })),
  },
});

describe('netcheck set', () => {
  it.each([
    [7, { running: 1, unreachable: 1 }, ['--no-wait']],
    [7, { running: 1 }, ['--timeout', '1']],
    [3, { unreachable: 1, failed: 1, refused: 1, reachable: 1 }, []],
    [3, { degraded: 1 }, []],
    [6, { failed: 1, refused: 1, reachable: 1 }, []],
    [6, { inconclusive: 1 }, []],
    [6, { canceled: 1 }, []],
    [5, { refused: 1, reachable: 1 }, []],
    [0, { reachable: 1 }, []],
  ])('run ends with %i for %j %j', async (exit, counts, words) => {
    answersPost([set(counts)]);
    server.answers[`/api/sets/${id}`] = (request, response) => {
      // Held as a server holds it that has nothing to say.
      setTimeout(
        () => {
          sends(set(counts))(request, response);
        },
        request.headers.prefer === undefined ? 0 : 3000,
      );
    };
    const [plain, json] = await Promise.all([
      run(['set', 'run', 'shop', ...words]),
      run(['set', 'run', 'shop', ...words, '--json']),
    ]);
    expect([plain.code, json.code, JSON.parse(json.stdout)]).toMatchObject([exit, exit, { id, counts }]);
    expect(sent).toEqual([{ name: 'shop' }, { name: 'shop' }]);
    if (exit === 7) expect(plain.stdout).toContain('To come back: netcheck set show 5f0c1f8e');
  });

  it('run takes a file of lines, and the next meaning of those words that are no machine’s', async () => {
    server.answers['/api/me'] = sends({ endpoints: [{ name: 'sql', address: '10.1.2.4', port: 1433 }] });
    answersPost([machines(0), 400], [machines(2), 400], [set({ reachable: 4 })]);
    const file = join(home.folder, 'flows.txt');
    await writeFile(
      file,
      '\ufeff# flows\nweb-01 db:1433 # a host\r\n\nweb-01 sql because INC-1\nweb-02 db.example.com https\nweb-02 [::1]:22\n',
    );
    expect(await run(['set', 'run', file, '--reason', 'nightly'])).toMatchObject({ code: 0 });
    const destinations = sent.map((body) =>
      (body as { checks: { destination: object }[] }).checks.map(({ destination }) => destination),
    );
    const [sql, v6] = [{ endpoint: 'sql' }, { address: '::1', port: 22 }];
    const [db, host] = [{ port: 1433 }, { port: 443 }];
    expect(destinations).toEqual([
      [{ name: 'db', ...db }, sql, { name: 'db.example.com', ...host }, v6],
      [{ address: 'db', ...db }, sql, { name: 'db.example.com', ...host }, v6],
      [{ address: 'db', ...db }, sql, { address: 'db.example.com', ...host }, v6],
    ]);
    expect(sent.at(-1)).toMatchObject({
      reason: 'nightly',
      checks: [{ protocol: 'Tcp' }, { reason: 'INC-1' }, { protocol: 'Https' }, {}],
    });
  });

  it('run takes JSON from standard input as it is', async () => {
    answersPost([set({ reachable: 1 })]);
    const body = { sources: [{ name: 'web-01' }], destinations: [{ address: '10.1.2.4', port: 22 }] };
    expect(await run(['set', 'run', '-'], JSON.stringify(body))).toMatchObject({ code: 0 });
    expect(sent).toEqual([body]);
  });

  it.each([
    ['web-01 db\n', 'Say a port, or icmp'],
    ['web-01 db:22\nlist\n', 'Line 2 is no check'],
    ['\nweb-01 db–01:22', 'Line 2: No host name has – (U+2013, en dash)'],
    ['{"checks": [', 'The set is no JSON'],
    ['[]', 'The JSON of a set is an object'],
    ['# nothing\n', 'The set has no checks.'],
  ])('run refuses %j: 2', async (text, message) => {
    server.answers['/api/me'] = sends({ endpoints: [] });
    expect(await run(['set', 'run', '-'], text)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    expect(sent).toEqual([]);
  });

  it('shows, lists, asks again and cancels', async () => {
    server.answers[`/api/sets/${id}`] = sends(set({ unreachable: 1 }));
    server.answers['/api/sets'] = sends({ value: [{ ...set({ reachable: 1 }), name: 'shop' }] });
    server.answers[`/api/sets/${id}/rerun`] = sends(set({ reachable: 1 }), 202);
    expect(await run(['set', 'show', id])).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('web-01 → 10.1.2.4: TCP port 22'),
    });
    expect(await run(['set', 'list'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^5f0c1f8e {2}2026-03-01 10:00:00 UTC {2}shop {2}✓ Reachable/),
    });
    expect(await run(['set', 'rerun', id])).toMatchObject({ code: 0 });
    expect(await run(['set', 'cancel', id])).toMatchObject({ code: 0 });
    for (const words of [
      ['set'],
      ['set', 'run'],
      ['set', 'list', id],
      ['set', 'show', 'x'],
      ['set', 'delete', id],
      ['set', 'run', './none.txt'],
    ])
      expect([words, (await run(words)).code]).toEqual([words, 2]);
  });

  it('is left running by Ctrl-C, which says how to come back', async () => {
    answersPost([set({ running: 1 })]);
    server.answers[`/api/sets/${id}`] = () => undefined;
    const running = start(['set', 'run', 'shop'], { env });
    await running.says('was accepted');
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('Set 5f0c1f8e goes on. To come back: netcheck set show 5f0c1f8e'),
    });
  });
});
