import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { exportAudit } from '../../src/cli/audit/export-audit.ts';
import { verifyOffline } from '../../src/cli/audit/verify-offline.ts';
import { verifyOnline } from '../../src/cli/audit/verify-online.ts';
import { verificationSchema } from '../../src/audit/verify/verification.ts';
import type { VerificationOptions } from '../../src/client/client.ts';
import { auditEventSchema } from '../../src/audit/event.ts';
import { randomIdFor } from '../../src/check/state/check-id.ts';
import { toAuditRows } from '../../src/storage/audit/audit-rows.ts';
import { requesterIdOf, requesterOf, sampleEvent, write, writeInTime } from '../support/azurite-audit.ts';
import { newSigningKey } from '../support/new-signing-key.ts';
import { sampleCaller, sampleCheck } from '../support/samples.ts';
import { historyApp, publicUrl } from './history-app.ts';

const now = () => new Date('2026-03-02T12:00:00Z');
const pem = newSigningKey();
const app = () => historyApp({ now, pem });
const lastEvent = async ({ history }: ReturnType<typeof app>) => (await history.page({}, 1)).events[0];

describe('GET /api/audit', () => {
  it('needs Audit.Read, and refuses what it does not know', async () => {
    const { ask } = app();
    expect((await ask('/api/audit', 'alice:Check.Request')).status).toBe(403);
    for (const query of [
      ...['x=1', 'top=0', 'top=1e3', 'top=5001', 'from=yesterday', 'action=done', 'checkId=1', 'requester=a/b/c'],
      ...['after=', 'after=zzz', `after=${Buffer.from('1').toString('base64url')}`],
      `after=${Buffer.from("1234567890123'").toString('base64url')}`,
    ]) {
      const { status, json } = await ask(`/api/audit?${query}`);
      expect([query, status, json.error.code]).toEqual([query, 400, 'InvalidRequest']);
    }
  });

  it('records the reading before it answers, with what was asked', async () => {
    const { json } = await app().ask('/api/audit?action=read&from=2026-03-01');
    expect(json.value).toHaveLength(1);
    expect(auditEventSchema.parse(json.value[0])).toMatchObject({
      action: 'read',
      requester: { name: 'carol' },
      target: { resource: '/api/audit?action=read&from=2026-03-01' },
    });
  });

  it('pages by links that start with the configured address and are decided anew for whoever brings them', async () => {
    const proxy = app();
    for (let i = 0; i < 5; i++) await write(proxy, sampleEvent({ requester: requesterOf('alice') }));
    const requester = requesterIdOf('alice');
    const first = await proxy.ask(`/api/audit?requester=${requester}&top=3`);
    const { nextLink } = first.json;
    const query = new URLSearchParams({ top: '3', requester }).toString();
    expect(nextLink.startsWith(`${publicUrl}/api/audit?${query}&after=`)).toBe(true);
    expect((await proxy.ask(nextLink, 'alice:Check.Request')).status).toBe(403);
    const second = await proxy.ask(nextLink);
    expect(second.json).not.toHaveProperty('nextLink');
    const ids = [...first.json.value, ...second.json.value].map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([5, 5]);
  });

  it('gives 1,000 events a page as JSON, 5,000 as an export, and refuses more rather than cut it', async () => {
    const { ask } = app();
    const tooMany = await ask('/api/audit?top=1001');
    expect([tooMany.status, JSON.parse(tooMany.text)]).toEqual([
      400,
      {
        error: {
          code: 'InvalidRequest',
          message:
            'JSON has at most 1,000 events a page: ask for fewer, or for an export of up to 5,000 with Accept: text/csv or application/x-ndjson.',
          requestId: expect.any(String) as string,
          target: 'top',
        },
      },
    ]);
    expect((await ask('/api/audit?top=1000')).json.value).toHaveLength(1);
    const lines = (await ask('/api/audit?top=5000', undefined, { accept: 'application/x-ndjson' })).text.trimEnd();
    expect(lines.split('\n')).toHaveLength(2);
  });

  it.each(['text/csv', 'application/x-ndjson'])(
    'is exported as %s with a Link, and the export is audited',
    async (type) => {
      const proxy = app();
      for (let i = 0; i < 3; i++) await write(proxy, sampleEvent());
      const { headers, text } = await proxy.ask('/api/audit?top=2&action=requested', undefined, { accept: type });
      expect(headers.get('content-type')).toContain(type);
      expect(headers.get('link')).toMatch(/^<https:\/\/proxy\.example\/base\/api\/audit\?.*after=.*>; rel="next"$/);
      expect(text.trimEnd().split('\n')).toHaveLength(type === 'text/csv' ? 3 : 2);
      expect(await lastEvent(proxy)).toMatchObject({ action: 'exported' });
    },
  );

  it('pages the events of one check, also of years ago', async () => {
    const proxy = app();
    const checkId = randomUUID();
    const events = [1, 2, 3].map((i) => sampleEvent({ checkId, time: `2021-05-0${i}T10:00:00.000Z` }));
    for (const [i, event] of events.entries()) await proxy.log.append({ sequence: i + 1, event });
    const ids: string[] = [];
    let calls = 0;
    for (let target = `/api/audit?checkId=${checkId}&top=2`; target; calls++) {
      const { json } = await proxy.ask(target);
      ids.push(...json.value.map(({ id }) => id));
      target = json.nextLink;
    }
    expect(ids).toEqual(events.map(({ id }) => id).reverse());
    // None in the last two years, the first two, the last.
    expect(calls).toBe(3);
  });

  it('takes the first characters of an id of the reader’s own checks, and links with the whole', async () => {
    const proxy = app();
    const carol = sampleCaller('carol', ['Audit.Read', 'Check.Request']);
    const id = randomIdFor(carol.requester.id, randomUUID());
    await proxy.store.insert(sampleCheck({ id, caller: carol }));
    for (const sequence of [1, 2]) await proxy.log.append({ sequence, event: sampleEvent({ checkId: id }) });
    const page = await proxy.ask(`/api/audit?checkId=${id.slice(0, 8).toUpperCase()}&top=1`);
    expect([page.status, page.json.value.length]).toEqual([200, 1]);
    expect(new URL(page.json.nextLink).searchParams.get('checkId')).toBe(id);
    expect((await lastEvent(proxy))?.action).toBe('read');
    for (const [asked, token, status] of [
      [id.slice(0, 8), 'dave:Audit.Read', 404],
      [id.slice(0, 7), 'carol:Audit.Read', 400],
      [`${id}0`, 'carol:Audit.Read', 400],
    ] as const)
      expect((await proxy.ask(`/api/audit?checkId=${asked}`, token)).status).toBe(status);
  });

  it('answers no page with a row that was changed, and names the row', async () => {
    const proxy = app();
    const entry = { sequence: 1, event: sampleEvent() };
    await write(proxy, entry.event);
    const row = toAuditRows(entry).find(({ rowKey }) => rowKey.startsWith('a!'))!;
    await proxy.tables.audit.updateEntity({ ...row, time: '2026-03-01T10:00:00.001Z' }, 'Replace');
    const { status, json, text } = await proxy.ask('/api/audit?action=requested');
    expect([status, json.error.code]).toEqual([500, 'InternalError']);
    expect(text).toContain(`${row.partitionKey}/${row.rowKey} of the audit is not as it was written`);
    expect((await proxy.ask(`/api/audit?checkId=${entry.event.checkId!}`)).json.value).toHaveLength(1);
  });

  it('answers nothing where the reading cannot be audited', async () => {
    const connectionString = inject('azurite').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:1');
    const { status, json } = await historyApp({ now, pem, connectionString }).ask('/api/audit');
    expect([status, json.error.code]).toEqual([503, 'AuditUnavailable']);
  });
});

describe('GET /api/checks', () => {
  it('is one’s own without Audit.Read; others’ are refused, or audited', async () => {
    const proxy = app();
    for (const user of ['alice', 'bob']) {
      const caller = sampleCaller(user);
      await proxy.store.insert(sampleCheck({ id: randomIdFor(caller.requester.id, randomUUID()), caller }));
    }
    const names = async (target: string, token: string) => {
      const { json } = await proxy.ask(target, token);
      return json.value.map(({ requester }) => requester.name).sort();
    };
    expect(await names('/api/checks', 'alice:Check.Request')).toEqual(['alice']);
    expect(await names(`/api/checks?requester=${requesterIdOf('alice')}`, 'alice:Audit.Read')).toEqual(['alice']);
    expect(await lastEvent(proxy)).toBeUndefined();
    const refused = await proxy.ask(`/api/checks?requester=${requesterIdOf('bob')}`, 'alice:Check.Request');
    expect([refused.status, refused.json.error.code]).toEqual([403, 'MissingRole']);
    expect(await names('/api/checks?destination=10.1.2.4', 'carol:Audit.Read')).toEqual(['alice', 'bob']);
    expect(await names('/api/checks?destination=10.1.2.5', 'carol:Audit.Read')).toEqual([]);
    expect(await lastEvent(proxy)).toMatchObject({ action: 'read', requester: { name: 'carol' } });
    expect((await proxy.ask('/api/checks?after=x', 'carol:Audit.Read')).status).toBe(400);
    const padded = await proxy.ask('/api/checks?destination=10.1.2.04', 'carol:Audit.Read');
    expect([padded.status, padded.text]).toEqual([400, expect.stringContaining('write 10.1.2.4.')]);
  });

  it('keeps of a URI that was looked for no query, and takes none with a password', async () => {
    const proxy = app();
    const asked = (destination: string) =>
      proxy.ask(`/api/checks?top=5&${new URLSearchParams({ destination }).toString()}`, 'carol:Audit.Read');
    for (const refused of ['https://user:canary@host.example/', 'ftp://canary@host.example', 'canary text', ''])
      expect([refused, (await asked(refused)).status]).toEqual([refused, 400]);
    expect(await lastEvent(proxy)).toBeUndefined();
    expect((await asked('HTTPS://Host.Example/a/b?sig=canary#canary')).status).toBe(200);
    const event = await lastEvent(proxy);
    expect(event?.target.resource).toBe('/api/checks?top=5&destination=https%3A%2F%2Fhost.example%2Fa%2Fb');
    expect(JSON.stringify(event)).not.toContain('canary');
    expect((await proxy.ask('/api/checks')).status).toBe(200);
    const { events } = await proxy.history.page({}, 10);
    expect(events.map(({ target }) => target.resource).sort()).toEqual(['/api/checks', event?.target.resource]);
  });
});

describe('GET /api/audit/verification', () => {
  it('is of the last day where nothing is asked, needs Audit.Read, and bears 31 days', async () => {
    const proxy = app();
    await writeInTime(proxy, sampleEvent({ time: '2026-02-20T10:00:00.000Z' }));
    await writeInTime(proxy, sampleEvent({ time: '2026-03-02T10:00:00.000Z' }));
    expect((await proxy.ask('/api/audit/verification')).json).toMatchObject({ valid: true, events: 2, faults: [] });
    expect((await proxy.ask('/api/audit/verification?from=2026-02-10')).json).toMatchObject({ valid: true, events: 4 });
    expect((await proxy.ask('/api/audit/verification', 'alice:Check.Request')).status).toBe(403);
    for (const query of ['from=2026-01-01', 'from=2026-03-02&to=2026-03-01', 'x=1'])
      expect((await proxy.ask(`/api/audit/verification?${query}`)).status).toBe(400);
  });
});

describe('an auditor', () => {
  const proxy = app();
  let folder = '';
  const api = {
    get: async (path: string, accept: string) => {
      const { status, text, headers } = await proxy.ask(path, undefined, { accept });
      expect(status).toBe(200);
      return { body: Buffer.from(text), next: /<([^>]+)>/.exec(headers.get('link') ?? '')?.[1] };
    },
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'audit-'));
    for (let i = 0; i < 20; i++)
      await writeInTime(
        proxy,
        sampleEvent({ time: `2026-03-0${1 + Math.floor(i / 10)}T10:00:${10 + i}.000Z`, reason: 'two\nlines' }),
      );
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('joins the pages of an export in one file, with one header', async () => {
    const paged = {
      get: (path: string, accept: string) => api.get(path.includes('top=') ? path : `${path}&top=7`, accept),
    };
    const out = join(folder, 'all.csv');
    const told: string[] = [];
    await exportAudit(paged, {
      from: '2026-03-01',
      to: '2026-03-02T11:00:00Z',
      after: undefined,
      out,
      progress: (text) => told.push(text),
      goingOn: () => undefined,
    });
    const text = await readFile(out, 'utf8');
    expect(text.match(/^id,time/gm)).toHaveLength(1);
    expect(text.match(/^[0-9a-f-]{36},2026-03-0[12]T10:00/gm)).toHaveLength(20);
    expect(told.at(-1)).toMatch(/^3 pages, \d+\.\d MB$/);
  });

  it('proves it online, day after day, and offline from an export, the checkpoints and the public key', async () => {
    const to = new Date('2026-03-02T11:00:00Z');
    const audit = {
      verification: async ({ from, to: until }: VerificationOptions = {}) => {
        const query = new URLSearchParams({ from: from ?? '', to: until ?? '' });
        const { body } = await api.get(`/api/audit/verification?${query.toString()}`, 'application/json');
        return verificationSchema.parse(JSON.parse(body.toString()));
      },
    };
    const { signal } = new AbortController();
    const online = await verifyOnline(audit, { from: new Date('2026-03-01'), to, progress: () => undefined, signal });
    expect(online).toMatchObject({ valid: true, events: 20 });
    const file = (name: string) => join(folder, name);
    const order = { export: file('all.ndjson'), checkpoints: file('checkpoints'), publicKey: file('key.pem') };
    const period = { from: '2026-03-01', to: '2026-03-02', after: undefined };
    await exportAudit(api, { ...period, out: order.export, progress: () => undefined, goingOn: () => undefined });
    await mkdir(order.checkpoints);
    for (let sequence = 1; ; sequence++) {
      const text = await proxy.checkpoints.read(sequence);
      if (text === undefined) break;
      await writeFile(join(order.checkpoints, `${String(sequence).padStart(9, '0')}.jws`), text);
    }
    await writeFile(order.publicKey, createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'pem' }));
    const verified = () => verifyOffline({ ...order, from: undefined, to: undefined });
    expect(await verified()).toMatchObject({ valid: true, events: 10, faults: [] });

    const lines = (await readFile(order.export, 'utf8')).trimEnd().split('\n');
    const tampered = [
      [[lines[0]!.replace('two', 'one'), ...lines.slice(1)], 'edited'],
      [[...lines.slice(0, 4), ...lines.slice(5)], 'deleted'],
      [[...lines, lines[0]!.replaceAll(/[0-9a-f-]{36}/g, randomUUID())], 'inserted'],
      [[...lines, lines[3]!], 'inserted'],
    ] as const;
    for (const [changed, kind] of tampered) {
      await writeFile(order.export, changed.map((line) => `${line}\n`).join(''));
      expect((await verified()).faults.map((fault) => fault.kind)).toEqual([kind]);
    }
  });
});
