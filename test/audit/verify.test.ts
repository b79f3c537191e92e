import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type Checkpoint,
  headOf,
  noCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from '../../src/audit/checkpoint/checkpoint.ts';
import { seal } from '../../src/audit/seal/seal.ts';
import { parseSigningKey } from '../../src/audit/checkpoint/signing-key.ts';
import type { FaultKind } from '../../src/audit/verify/verification.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import { canonicalJson } from '../../src/contract/canonical-json.ts';
import { sha256 } from '../../src/contract/sha256.ts';
import { partitionOfMonth } from '../../src/storage/audit/audit-keys.ts';
import { sealMarkerOf } from '../../src/storage/audit/seal-markers.ts';
import {
  announce,
  azuriteAudit,
  type AzuriteAudit,
  requesterOf,
  sampleEvent,
  sealAt,
  write,
} from '../support/azurite-audit.ts';
import { fastAudit } from '../support/fast-audit.ts';
import { newSigningKey } from '../support/new-signing-key.ts';

type Entity = Record<string, unknown> & { partitionKey: string; rowKey: string };

const from = new Date('2026-03-01T00:00:00Z');
const now = () => new Date('2026-03-02T00:50:00Z');

async function entities({ tables }: AzuriteAudit): Promise<Entity[]> {
  const all: Entity[] = [];
  for await (const entity of tables.audit.listEntities()) {
    const kept = Object.entries(entity).filter(([name]) => name !== 'etag' && name !== 'timestamp');
    all.push(Object.fromEntries(kept) as Entity);
  }
  return all;
}

/** Three checks of three events over midnight, a refusal, a reading; two checkpoints, and an event after them. */
async function filled(): Promise<AzuriteAudit> {
  const audit = fastAudit({ now });
  for (const user of ['alice', 'bob', 'carol']) {
    const checkId = randomUUID();
    const times = ['2026-03-01T23:59:50.000Z', '2026-03-01T23:59:59.999Z', '2026-03-02T00:00:30.000Z'];
    for (const [i, action] of (['requested', 'started', 'finished'] as const).entries()) {
      const event = sampleEvent({ checkId, action, time: times[i]!, requester: requesterOf(user) });
      await write(audit, event, i + 1);
    }
    if (user !== 'carol') await seal(audit);
  }
  for (const action of ['refused', 'read'] as const)
    await write(audit, sampleEvent({ checkId: undefined, action, time: '2026-03-02T01:00:00.000Z' }));
  return audit;
}

const events = 11;

async function blobNames({ container }: AzuriteAudit): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of container.listBlobsFlat()) names.push(name);
  return names;
}

async function rewrite(
  audit: AzuriteAudit,
  number: number,
  change: (text: string) => string | Promise<string>,
): Promise<void> {
  const text = await change((await audit.checkpoints.read(number))!);
  await audit.container.getBlockBlobClient(blobOf(number)).upload(text, Buffer.byteLength(text));
}

const pendingOf = ({ sealState }: AzuriteAudit) => sealState.pending(10_000, '', '~');
const textIn = ({ event }: Entity, otherwise = ''): string => (typeof event === 'string' ? event : otherwise);
const blobOf = (number: number): string => `checkpoints/${String(number).padStart(9, '0')}.jws`;
const checkpointOf = async (audit: AzuriteAudit, number: number): Promise<Checkpoint> =>
  readCheckpoint(number, (await audit.checkpoints.read(number))!)!;

/** With other content, and the signature that it had. */
const withOther = (change: (checkpoint: Checkpoint) => Checkpoint, number: number) => (text: string) => {
  const [header, , signature] = text.split('.');
  const payload = Buffer.from(canonicalJson(change(readCheckpoint(number, text)!))).toString('base64url');
  return [header, payload, signature].join('.');
};

describe('an audit that nobody touched', () => {
  let audit: AzuriteAudit;
  beforeAll(async () => {
    audit = await filled();
  });

  it('is valid, and says what the next checkpoint has to cover, however often it is asked', async () => {
    // Two of carol's three events, of the one the third is newer than the last checkpoint.
    const report = { valid: true, events, pending: 5, provenUntil: '2026-03-01T23:59:50.000Z', faults: [], gaps: [] };
    expect(await verify(audit, { from })).toEqual(report);
    expect(await verify(audit, { from })).toEqual(report);
    expect(await blobNames(audit)).toHaveLength(2);
  });

  it('is proven until the newest checkpoint once that covers all', async () => {
    const sealed = await filled();
    expect(await seal(sealed)).toMatchObject({ checkpoints: 1, events: 5, pending: 0, warnings: [] });
    const report = { valid: true, events, pending: 0, provenUntil: now().toISOString(), faults: [], gaps: [] };
    expect(await verify(sealed, { from })).toEqual(report);
    expect(await sealed.sealState.pending(100, '', '~')).toEqual([]);
  });

  it('counts the events of a part of a day', async () => {
    const part = { from: new Date('2026-03-01T23:59:55Z'), to: new Date('2026-03-02T00:00:00Z') };
    expect(await verify(audit, part)).toMatchObject({ valid: true, events: 3 });
  });

  it('is empty and valid before anything was written', async () => {
    const empty = { valid: true, events: 0, pending: 0, faults: [], gaps: [] };
    expect(await verify(fastAudit({ now }), { from })).toEqual(empty);
  });
});

/** One row that is there, by its kind: of the same event, whatever the kind. */
async function rowOf(audit: AzuriteAudit, kind: string, action: string): Promise<Entity> {
  const all = await entities(audit);
  const { rowKey: pointer, time } = all.find(({ rowKey }) => rowKey.startsWith(`a!${action}!`))!;
  const order = pointer.slice(`a!${action}!`.length);
  const [, subject, down] = order.split('!');
  return all.find(
    (row) =>
      row.rowKey.startsWith(`${kind}!`) &&
      row['time'] === time &&
      (row.rowKey.endsWith(order) || row.rowKey === `c!${subject}!${down}`),
  )!;
}

const kinds = ['t', 'r', 'a', 'c'];
const rowTampering: [string, FaultKind, (audit: AzuriteAudit, kind: string) => Promise<void>][] = [
  [
    'edited event',
    'edited',
    async (audit, kind) => {
      const row = await rowOf(audit, kind, 'started');
      const event = textIn(row, 'none').replace('127.0.0.1', '127.0.0.2');
      await audit.tables.audit.updateEntity({ ...row, event }, 'Replace');
    },
  ],
  ...['time', 'action'].map((column): (typeof rowTampering)[number] => [
    `edited ${column}`,
    'edited',
    async (audit, kind) => {
      const row = await rowOf(audit, kind, 'started');
      await audit.tables.audit.updateEntity({ ...row, [column]: `${String(row[column])}x` }, 'Replace');
    },
  ]),
  [
    'added column',
    'edited',
    async (audit, kind) => {
      await audit.tables.audit.updateEntity({ ...(await rowOf(audit, kind, 'started')), more: 'x' }, 'Replace');
    },
  ],
  [
    'deleted row',
    'deleted',
    async (audit, kind) => {
      const { partitionKey, rowKey } = await rowOf(audit, kind, 'started');
      await audit.tables.audit.deleteEntity(partitionKey, rowKey);
    },
  ],
  [
    'swapped rows',
    'edited',
    async (audit, kind) => {
      const [a, b] = [await rowOf(audit, kind, 'started'), await rowOf(audit, kind, 'requested')];
      const keys = ({ partitionKey, rowKey }: Entity) => ({ partitionKey, rowKey });
      await audit.tables.audit.updateEntity({ ...a, ...keys(b) }, 'Replace');
      await audit.tables.audit.updateEntity({ ...b, ...keys(a) }, 'Replace');
    },
  ],
  [
    'row moved to a later month',
    'deleted',
    async (audit, kind) => {
      const row = await rowOf(audit, kind, 'started');
      await audit.tables.audit.deleteEntity(row.partitionKey, row.rowKey);
      await audit.tables.audit.createEntity({ ...row, partitionKey: partitionOfMonth('2026-04') });
    },
  ],
  [
    'row copied to where no event belongs',
    'inserted',
    async (audit, kind) => {
      await audit.tables.audit.createEntity({ ...(await rowOf(audit, kind, 'started')), partitionKey: 'zzz' });
    },
  ],
  [
    'inserted row',
    'inserted',
    async (audit, kind) => {
      const row = await rowOf(audit, kind, 'started');
      const [old, made] = [/[0-9a-f-]{36}(?=!\d{6}$)/.exec(row.rowKey)![0], randomUUID()];
      const swap = (text: string) => text.replaceAll(old, made);
      const { event: text } = row;
      const event = typeof text === 'string' ? { event: swap(text) } : {};
      await audit.tables.audit.createEntity({ ...row, rowKey: swap(row.rowKey), ...event });
    },
  ],
];

/** In `npm test` one for each way of tampering: each kind of row meets some of these. */
const kindsFor = (name: string): readonly string[] => {
  const at = rowTampering.findIndex(([each]) => each === name);
  return inject('tier') === 'fast' ? kinds.filter((_, i) => i === at % kinds.length) : kinds;
};

describe.each(rowTampering)('%s', (name, kind, tamper) => {
  it.each(kindsFor(name))(`is found and named "${kind}" with its place, in rows by %s`, async (rows) => {
    const audit = await filled();
    await seal(audit);
    await tamper(audit, rows);
    const { valid, faults } = await verify(audit, { from });
    expect(valid).toBe(false);
    // An event's own row that stands where another belongs is known as such.
    const isMoved = rows === 't' && /moved|copied/.test(name);
    expect(faults.map((fault) => fault.kind)).toContain(isMoved && kind === 'inserted' ? 'moved' : kind);
    expect(faults.every(({ place, detail }) => place !== '' && detail !== '')).toBe(true);
  });
});

async function rowsOfEvent(audit: AzuriteAudit, action: string): Promise<Entity[]> {
  const kinds = action === 'read' || action === 'refused' ? ['t', 'r', 'a', 'q'] : ['t', 'r', 'a', 'c'];
  return Promise.all(kinds.map((kind) => rowOf(audit, kind, action)));
}

describe('a whole event that was', () => {
  it.each([
    ['deleted in the middle', 'started'],
    ['deleted at the tail', 'read'],
  ])('%s is one fault, which names its place', async (_where, action) => {
    const audit = await filled();
    await seal(audit);
    const rows = await rowsOfEvent(audit, action);
    for (const { partitionKey, rowKey } of rows) await audit.tables.audit.deleteEntity(partitionKey, rowKey);
    const place = `${audit.tables.audit.tableName}/${rows[0]!.partitionKey}/${rows[0]!.rowKey}`;
    expect((await verify(audit, { from })).faults).toEqual([
      { kind: 'deleted', place, detail: 'The event that belongs here is not there.' },
    ]);
  });

  it('rewritten is found', async () => {
    const audit = await filled();
    await seal(audit);
    const row = await rowOf(audit, 't', 'started');
    await audit.tables.audit.updateEntity({ ...row, event: textIn(row).replace('"d"', '"e"') }, 'Replace');
    expect((await verify(audit, { from })).faults.map(({ kind }) => kind)).toEqual(['edited']);
  });

  it('inserted in all its rows is found', async () => {
    const audit = await filled();
    await seal(audit);
    await audit.log.append({ sequence: 1, event: sampleEvent({ time: '2026-03-02T02:00:00.000Z' }) });
    expect((await verify(audit, { from })).faults.map(({ kind }) => kind)).toEqual(['inserted']);
  });
});

describe('a checkpoint that was', () => {
  const sealed = async () => {
    const audit = await filled();
    await seal(audit);
    await seal(audit);
    return audit;
  };

  it.each([
    ['first', 1],
    ['second', 2],
    ['last', 4],
  ])('dropped, the %s, is missed, before and after the next one is made', async (_which, number) => {
    const audit = await sealed();
    await audit.container.deleteBlob(blobOf(number));
    for (let time = 0; time < 2; time++) {
      const { faults } = await verify(audit, { from });
      expect(faults[0]).toMatchObject({ kind: 'checkpointMissing', place: `checkpoint ${number}` });
      expect(faults.slice(1).every(({ kind }) => kind === 'unproven')).toBe(true);
      await seal(audit);
    }
  });

  it.each([1, 2, 3, 4])('changed, number %i, is named, and what it alone covered is unproven', async (number) => {
    const audit = await sealed();
    await rewrite(
      audit,
      number,
      withOther((checkpoint) => ({ ...checkpoint, time: '2026-03-01T00:00:00Z' }), number),
    );
    const { valid, faults } = await verify(audit, { from });
    expect(valid).toBe(false);
    expect(faults.map(({ place }) => place)).toContain(`checkpoint ${number}`);
    expect(faults.slice(1).every(({ kind }) => kind === 'unproven')).toBe(true);
  });

  it.each(['', 'no JWS', '{}', 'a.b.c', 'null'])('replaced by %j is named', async (text) => {
    const audit = await sealed();
    await rewrite(audit, 2, () => text);
    expect((await verify(audit, { from })).faults[0]).toMatchObject({
      kind: 'checkpointChanged',
      place: 'checkpoint 2',
    });
  });

  it('put back in time to hide deleted events behind it, is named, and so are the events', async () => {
    const audit = fastAudit({ now });
    const times = Array.from({ length: 6 }, (_, i) => new Date(from.getTime() + i * 5 * 86_400_000));
    const written = times.map((time) => sampleEvent({ time: time.toISOString() }));
    for (const [i, event] of written.entries()) {
      await write(audit, event);
      await sealAt(audit, times[i]!);
    }
    for (const { partitionKey, rowKey } of await entities(audit))
      if (written.slice(0, 2).some(({ checkId }) => rowKey.includes(checkId!)))
        await audit.tables.audit.deleteEntity(partitionKey, rowKey);
    for (const number of [1, 2])
      await rewrite(
        audit,
        number,
        withOther((checkpoint) => ({ ...checkpoint, time: '2000-01-01T00:00:00Z' }), number),
      );
    const { valid, faults } = await verify(audit, { from });
    expect(valid).toBe(false);
    expect(faults[0]).toMatchObject({ kind: 'checkpointChanged', place: 'checkpoints 1–2' });
  });

  it('recomputed with an edited event, and all after it, by somebody without the key, is named', async () => {
    const audit = await sealed();
    const forger = parseSigningKey(newSigningKey())!;
    const row = await rowOf(audit, 't', 'started');
    const edited = String(row['event']).replace('127.0.0.1', '127.0.0.2');
    await audit.tables.audit.updateEntity({ ...row, event: edited }, 'Replace');
    let previous = noCheckpoint;
    for (let number = 1; number <= 4; number++) {
      const checkpoint = await checkpointOf(audit, number);
      const events = checkpoint.events.map(([time, subject, sequence, hash]): (typeof checkpoint.events)[number] => [
        ...([time, subject, sequence] as const),
        hash === sha256(String(row['event'])) ? sha256(edited) : hash,
      ]);
      const forged = await writeCheckpoint(forger, { ...checkpoint, previous, events });
      await rewrite(audit, number, () => forged);
      previous = headOf(number, forged);
    }
    const note = { partitionKey: 'audit', rowKey: 'head', ...previous };
    await audit.tables.checks.upsertEntity(note, 'Replace');
    for (let time = 0; time < 2; time++) {
      const { faults } = await verify(audit, { from });
      expect(faults.some(({ kind }) => kind === 'unproven')).toBe(true);
      expect(faults).toContainEqual(expect.objectContaining({ kind: 'wrongKey', place: 'checkpoints 1–4' }));
      // The proxy goes on behind what it did not sign.
      await seal(audit);
    }
  });

  it('signed again under the name of the right key is named', async () => {
    const audit = await sealed();
    const forger = parseSigningKey(newSigningKey())!;
    await rewrite(audit, 2, async (text) => {
      const [, payload, signature] = (await writeCheckpoint(forger, await checkpointOf(audit, 2))).split('.');
      return [text.split('.')[0], payload, signature].join('.');
    });
    expect((await verify(audit, { from })).faults[0]).toMatchObject({
      kind: 'checkpointChanged',
      place: 'checkpoint 2',
    });
  });

  it('exchanged for another of the proxy’s own is named', async () => {
    const audit = await sealed();
    const first = (await audit.checkpoints.read(1))!;
    await rewrite(audit, 3, () => first);
    expect((await verify(audit, { from })).faults[0]).toMatchObject({
      kind: 'checkpointChanged',
      place: 'checkpoint 3',
    });
  });

  it('taken away with all others and its note leaves every event without proof', async () => {
    const audit = await sealed();
    for (const name of await blobNames(audit)) await audit.container.deleteBlob(name);
    await audit.tables.checks.deleteEntity('audit', 'head');
    const { valid, faults } = await verify(audit, { from });
    expect(valid).toBe(false);
    expect(new Set(faults.map(({ place }) => place)).size).toBe(events);
  });
});

/** What somebody wrote who may change the table `checks`, or add blobs, and has no key. */
describe('a forged note of the newest checkpoint', () => {
  it.each([
    ['of a number far ahead', { number: 20_000, hash: 'a'.repeat(64) }],
    ['of a number that is too large', { number: Number.MAX_SAFE_INTEGER, hash: 'a'.repeat(64) }],
    ['of another hash', { number: 3, hash: 'a'.repeat(64) }],
    ['that is no note', { number: 'three', hash: 7 }],
    ['set back to an older one', undefined],
  ])('%s stops nothing, and hides no event that was deleted', async (_what, note) => {
    const audit = await filled();
    await seal(audit);
    const older = headOf(1, (await audit.checkpoints.read(1))!);
    await audit.tables.checks.upsertEntity({ partitionKey: 'audit', rowKey: 'head', ...(note ?? older) }, 'Replace');
    const late = sampleEvent({ time: '2026-03-02T00:40:00.000Z' });
    await write(audit, late);
    const { events: covered, warnings } = await seal(audit);
    expect([covered, warnings.length]).toEqual([1, note ? 1 : 0]);
    expect(await blobNames(audit)).toEqual([1, 2, 3, 4].map(blobOf));
    const { partitionKey, rowKey } = await rowOf(audit, 't', 'started');
    await audit.tables.audit.deleteEntity(partitionKey, rowKey);
    const kinds = (await verify(audit, { from })).faults.map(({ kind }) => kind);
    expect(kinds).toContain('deleted');
    // Once for all, in the report of the day on which it was found.
    expect(kinds.filter((kind) => kind === 'checkpointMissing')).toHaveLength(note ? 1 : 0);
  });

  it('is told before the next checkpoint is made, too', async () => {
    const audit = await filled();
    await seal(audit);
    const note = { partitionKey: 'audit', rowKey: 'head', number: 20_000, hash: 'a'.repeat(64) };
    await audit.tables.checks.upsertEntity(note, 'Replace');
    const { faults } = await verify(audit, { from });
    expect(faults).toMatchObject([{ kind: 'checkpointMissing', place: 'checkpoint 20000' }]);
  });
});

describe('a blob that the proxy did not make', () => {
  it.each([[4], [5], [999_999_999]])('at number %i of 3 stops nothing, and is named', async (number) => {
    const audit = await filled();
    await seal(audit);
    const forged = await writeCheckpoint(parseSigningKey(newSigningKey())!, {
      ...{ number, time: now().toISOString(), events: [] },
      previous: headOf(3, (await audit.checkpoints.read(3))!),
    });
    await audit.container.getBlockBlobClient(blobOf(number)).upload(forged, Buffer.byteLength(forged));
    for (let time = 0; time < 3; time++) {
      await write(audit, sampleEvent({ time: `2026-03-02T00:4${time}:00.000Z` }));
      expect(await seal(audit)).toMatchObject({ checkpoints: 1, events: 1 });
    }
    const { events: found, faults } = await verify(audit, { from });
    expect(found).toBe(events + 3);
    expect(faults.map(({ place }) => place)).toEqual(number > 6 ? [] : [`checkpoint ${number}`]);
  });
});

describe('sealing', () => {
  it('by several at once makes one checkpoint of each number, and covers every event', async () => {
    const audit = await filled();
    // Of one clock they would write the same to the letter.
    const sealers = Array.from({ length: 4 }, (_, i) => ({
      ...audit,
      sealState: { ...audit.sealState, clock: () => Promise.resolve(new Date(now().getTime() + i)) },
    }));
    const results = await Promise.all(sealers.map((sealer) => seal(sealer)));
    expect(results.reduce((sum, { checkpoints }) => sum + checkpoints, 0)).toBe((await blobNames(audit)).length - 2);
    expect(await verify(audit, { from })).toMatchObject({ valid: true, events });
  });

  it('by two at once makes one checkpoint where nothing else was written', async () => {
    const audit = await filled();
    await Promise.all([seal(audit), seal(audit)]);
    expect(await blobNames(audit)).toHaveLength(3);
  });

  it('goes on where a crash came after the checkpoint, or after its note', async () => {
    const audit = await filled();
    const crash = () => Promise.reject(new Error('crash'));
    await expect(seal({ ...audit, sealState: { ...audit.sealState, note: crash } })).rejects.toThrow('crash');
    await expect(seal({ ...audit, sealState: { ...audit.sealState, forget: crash } })).rejects.toThrow('crash');
    expect(await verify(audit, { from })).toMatchObject({ valid: true, events, pending: 0 });
    expect(await pendingOf(audit)).not.toEqual([]);
    expect(await seal(audit)).toMatchObject({ warnings: [] });
    expect(await verify(audit, { from })).toMatchObject({ valid: true, events, pending: 0 });
    expect(await pendingOf(audit)).toEqual([]);
  });

  it('by a clock that was a year ahead is told as a gap, and makes no honest event late', async () => {
    const audit = fastAudit({ now });
    const at = (minutes: number) => new Date(from.getTime() + minutes * 60_000);
    const events = Array.from({ length: 30 }, (_, i) => sampleEvent({ time: at(60 * i).toISOString() }));
    for (const [i, event] of events.entries()) {
      await write(audit, event);
      await sealAt(audit, at(60 * i));
      if (i === 3) await sealAt(audit, new Date('2027-03-01T00:00:00Z'));
    }
    const { valid, gaps } = await verify(audit, { from, to: new Date('2026-03-03') });
    expect(valid).toBe(true);
    expect(gaps).toEqual([
      { from: at(180).toISOString(), to: '2027-03-01T00:00:00.000Z' },
      { from: '2027-03-01T00:00:00.000Z', to: at(240).toISOString() },
    ]);
  });

  it('goes by storage’s clock, whatever the instance’s says', async () => {
    const audit = fastAudit({ now });
    const { sealState } = azuriteAudit({ name: audit.name });
    const clock = await sealState.clock();
    expect(Math.abs(clock.getTime() - Date.now())).toBeLessThan(60_000);
    await seal({ ...audit, now: () => new Date('2027-03-02T00:50:00Z') });
    expect(await checkpointOf(audit, 1)).toMatchObject({ time: now().toISOString() });
  });

  it('waits for an event that was announced, and gives one up that did not come in a day', async () => {
    const audit = fastAudit({ now });
    await announce(audit, sampleEvent({ time: '2026-03-02T00:30:00.000Z' }));
    await announce(audit, sampleEvent({ time: '2026-03-01T00:30:00.000Z' }));
    expect(await verify(audit, { from })).toMatchObject({ valid: true, events: 0, pending: 0 });
    expect(await seal(audit)).toMatchObject({ events: 0, pending: 1 });
    expect((await pendingOf(audit)).map(({ time }) => time)).toEqual(['2026-03-02T00:30:00.000Z']);
  });

  it('covers what comes after thousands of announced events that did not come, in whatever run', async () => {
    const audit = fastAudit({ now });
    const event = sampleEvent({ checkId: randomUUID().replace(/^.|.$/g, '1'), time: '2026-03-02T00:30:00.000Z' });
    await write(audit, event);
    const absent = Array.from({ length: 5000 }, (_, i) =>
      sealMarkerOf({
        sequence: 2,
        event: sampleEvent({ ...event, checkId: `00000000-0000-4000-8000-${String(i).padStart(11, '0')}0` }),
      }),
    );
    for (let at = 0; at < absent.length; at += 100)
      await audit.tables.checks.submitTransaction(absent.slice(at, at + 100).map((marker) => ['create', marker]));
    // Each look takes a minute, so a run has one batch: it begins where the new id says.
    let time = now().getTime();
    const pending: AzuriteAudit['sealState']['pending'] = (...asked) => {
      time += 61_000;
      return audit.sealState.pending(...asked);
    };
    const slow = { ...audit, now: () => new Date(time), sealState: { ...audit.sealState, pending } };
    const from0 = { ...slow, newId: () => '00000000-0000-4000-8000-000000000000' };
    expect(await seal(from0)).toMatchObject({ checkpoints: 1, events: 0, pending: 5000 });
    const from1 = { ...slow, newId: () => '10000000-0000-4000-8000-000000000000' };
    expect(await seal(from1)).toMatchObject({ checkpoints: 1, events: 1 });
  });

  it('proves nothing later than the oldest event that is there and not covered', async () => {
    const audit = await filled();
    await seal(audit);
    const time = '2026-03-02T00:30:00.000Z';
    await write(audit, sampleEvent({ time }));
    expect(await verify(audit, { from })).toMatchObject({ valid: true, pending: 1, provenUntil: time });
  });

  it.each([
    ['written', () => Promise.resolve()],
    ['written and sealed', (audit: AzuriteAudit) => seal(audit)],
  ])('bears what is %s while a verification reads the rows', async (_what, then) => {
    const audit = await filled();
    let looks = 0;
    const between: AzuriteAudit['auditRows']['between'] = async function* (...period) {
      looks++;
      for await (const rows of audit.auditRows.between(...period)) {
        await write(audit, sampleEvent({ time: `2026-03-02T00:3${looks}:00.000Z` }));
        await then(audit);
        yield rows;
      }
    };
    const { faults } = await verify({ ...audit, auditRows: { ...audit.auditRows, between } }, { from });
    expect(faults).toEqual([]);
  });

  it('lists the hash of the canonical text, and nothing of what the event says', async () => {
    const audit = fastAudit({ now });
    const event = sampleEvent({ reason: 'a secret plan' });
    await write(audit, event);
    await seal(audit);
    expect((await checkpointOf(audit, 1)).events).toEqual([
      [event.time, event.checkId, 1, sha256(canonicalJson(event))],
    ]);
    const [, payload] = (await audit.checkpoints.read(1))!.split('.');
    expect(Buffer.from(payload!, 'base64url').toString()).not.toContain('secret');
  });
});
