import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../src/audit/checkpoint/checkpoint.ts';
import { seal } from '../../src/audit/seal/seal.ts';
import { parseSigningKey } from '../../src/audit/checkpoint/signing-key.ts';
import type { FaultKind } from '../../src/audit/checkpoint/verification.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import { canonicalJson } from '../../src/contract/canonical-json.ts';
import { sha256 } from '../../src/audit/checkpoint/sha256.ts';
import { partitionOfMonth } from '../../src/storage/audit/audit-keys.ts';
import { sealMarkerOf } from '../../src/storage/audit/seal-markers.ts';
import { azuriteAudit, type AzuriteAudit, requesterOf, sampleEvent, write } from '../support/azurite-audit.ts';
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
  const audit = azuriteAudit({ now });
  for (const user of ['alice', 'bob', 'carol']) {
    const checkId = randomUUID();
    const times = ['2026-03-01T23:59:50.000Z', '2026-03-01T23:59:59.999Z', '2026-03-02T00:00:30.000Z'];
    for (const [i, action] of (['requested', 'started', 'finished'] as const).entries()) {
      const event = sampleEvent({ checkId, action, time: times[i]!, requester: requesterOf(user) });
      if (i === 0) await write(audit, event);
      else await writeTransition(audit, event, i + 1);
    }
    if (user !== 'carol') await seal(audit);
  }
  for (const action of ['refused', 'read'] as const)
    await write(audit, sampleEvent({ checkId: undefined, action, time: '2026-03-02T01:00:00.000Z' }));
  return audit;
}

async function writeTransition(
  { tables, log }: AzuriteAudit,
  event: Parameters<AzuriteAudit['log']['announce']>[0],
  sequence: number,
) {
  await tables.checks.upsertEntity(sealMarkerOf({ sequence, event }), 'Replace');
  await log.append({ sequence, event });
}

const events = 11;

async function blobNames({ container }: AzuriteAudit): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of container.listBlobsFlat()) names.push(name);
  return names;
}

async function rewrite(audit: AzuriteAudit, sequence: number, change: (text: string) => string): Promise<void> {
  const name = (await blobNames(audit))[sequence - 1]!;
  const blob = audit.container.getBlockBlobClient(name);
  const text = change((await blob.downloadToBuffer()).toString());
  await blob.upload(text, Buffer.byteLength(text));
}

describe('an audit that nobody touched', () => {
  let audit: AzuriteAudit;
  beforeAll(async () => {
    audit = await filled();
  });

  it('is valid, with all events of the period proven until now, however often it is asked', async () => {
    const report = { valid: true, events, provenUntil: now().toISOString(), faults: [] };
    expect(await verify(audit, { from })).toEqual(report);
    expect(await verify(audit, { from })).toEqual(report);
  });

  it('counts the events of a part of a day', async () => {
    const part = { from: new Date('2026-03-01T23:59:55Z'), to: new Date('2026-03-02T00:00:00Z') };
    expect(await verify(audit, part)).toMatchObject({ valid: true, events: 3 });
  });

  it('is empty and valid before anything was written', async () => {
    expect(await verify(azuriteAudit({ now }), { from })).toEqual({
      ...{ valid: true, events: 0, faults: [] },
      provenUntil: now().toISOString(),
    });
  });

  it('keeps no marker of what is covered', async () => {
    expect(await audit.sealState.waiting(100)).toEqual([]);
  });
});

/** One row that is there, by its kind and action. */
async function rowOf(audit: AzuriteAudit, kind: string, action: string): Promise<Entity> {
  return (await entities(audit)).find(
    ({ rowKey, action: found }) => rowKey.startsWith(`${kind}!`) && found === action,
  )!;
}

const kinds = ['t', 'r', 'a', 'c'];
const rowTampering: [string, FaultKind, (audit: AzuriteAudit, kind: string) => Promise<void>][] = [
  [
    'edited event',
    'edited',
    async (audit, kind) => {
      const row = await rowOf(audit, kind, 'started');
      await audit.tables.audit.updateEntity(
        { ...row, event: String(row['event']).replace('127.0.0.1', '127.0.0.2') },
        'Replace',
      );
    },
  ],
  ...['time', 'action', 'requester', 'sequence'].map((column): (typeof rowTampering)[number] => [
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
    'swapped events',
    'moved',
    async (audit, kind) => {
      const [a, b] = [await rowOf(audit, kind, 'started'), await rowOf(audit, kind, 'requested')];
      const keys = ({ partitionKey, rowKey }: Entity) => ({ partitionKey, rowKey });
      await audit.tables.audit.updateEntity({ ...a, ...keys(b) }, 'Replace');
      await audit.tables.audit.updateEntity({ ...b, ...keys(a) }, 'Replace');
    },
  ],
  [
    'row moved to a later month',
    'moved',
    async (audit, kind) => {
      const row = await rowOf(audit, kind, 'started');
      await audit.tables.audit.deleteEntity(row.partitionKey, row.rowKey);
      await audit.tables.audit.createEntity({ ...row, partitionKey: partitionOfMonth('2026-04') });
    },
  ],
  [
    'row copied to where no event belongs',
    'moved',
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
      await audit.tables.audit.createEntity({ ...row, rowKey: swap(row.rowKey), event: swap(String(row['event'])) });
    },
  ],
];

describe.each(rowTampering)('%s', (_name, kind, tamper) => {
  it.each(kinds)(`is found and named "${kind}" with its place, in rows by %s`, async (rows) => {
    const audit = await filled();
    await seal(audit);
    await tamper(audit, rows);
    const { valid, faults } = await verify(audit, { from });
    expect(valid).toBe(false);
    expect(faults.map((fault) => fault.kind)).toContain(kind);
    expect(faults.every(({ place, detail }) => place !== '' && detail !== '')).toBe(true);
  });
});

describe('a whole event that was', () => {
  it.each([
    ['deleted in the middle', 'started', 0],
    ['deleted at the tail', 'read', 0],
  ])('%s is one fault', async (_where, action) => {
    const audit = await filled();
    await seal(audit);
    const found = await rowOf(audit, 't', action);
    const rows = (await entities(audit)).filter(({ event }) => event === found['event']);
    for (const { partitionKey, rowKey } of rows) await audit.tables.audit.deleteEntity(partitionKey, rowKey);
    const { faults } = await verify(audit, { from });
    expect(faults).toEqual([
      {
        kind: 'deleted',
        place: expect.stringContaining('event ') as string,
        detail: 'The event is listed and not there.',
      },
    ]);
  });

  it('rewritten in all its rows is found', async () => {
    const audit = await filled();
    await seal(audit);
    const found = await rowOf(audit, 't', 'started');
    const rows = (await entities(audit)).filter(({ event }) => event === found['event']);
    expect(rows).toHaveLength(4);
    for (const row of rows)
      await audit.tables.audit.updateEntity(
        { ...row, event: String(row['event']).replace('10.', '11.').replace('"d"', '"e"') },
        'Replace',
      );
    expect((await verify(audit, { from })).faults.map(({ kind }) => kind)).toEqual([
      'edited',
      'edited',
      'edited',
      'edited',
    ]);
  });

  it('inserted in all its rows is found', async () => {
    const audit = await filled();
    await seal(audit);
    await audit.log.append({ sequence: 1, event: sampleEvent({ time: '2026-03-02T02:00:00.000Z' }) });
    expect((await verify(audit, { from })).faults.map(({ kind }) => kind)).toEqual([
      'inserted',
      'inserted',
      'inserted',
      'inserted',
    ]);
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
    ['first', 0],
    ['second', 1],
    ['last', 3],
  ])('dropped, the %s, is missed', async (_which, index) => {
    const audit = await sealed();
    const names = await blobNames(audit);
    expect(names).toHaveLength(4);
    await audit.container.deleteBlob(names[index]!);
    const { faults } = await verify(audit, { from });
    expect(faults[0]).toEqual({
      kind: 'checkpointMissing',
      place: `checkpoint ${index + 1}`,
      detail: 'There is no checkpoint of this number.',
    });
    expect(faults.slice(1).every(({ kind }) => kind === 'unproven')).toBe(true);
  });

  it.each([1, 2, 3, 4])('changed, number %i, is named, and what it alone covered is unproven', async (sequence) => {
    const audit = await sealed();
    await rewrite(audit, sequence, (text) => text.replace(/"time":"2026-03-02/, '"time":"2026-03-01'));
    const { valid, faults } = await verify(audit, { from });
    expect(valid).toBe(false);
    expect(faults[0]).toMatchObject({ kind: 'checkpointChanged', place: `checkpoint ${sequence}` });
    expect(faults.slice(1).every(({ kind }) => kind === 'unproven')).toBe(true);
  });

  it.each(['', 'no JSON', '{}', '[]', 'null'])('replaced by %j is named', async (text) => {
    const audit = await sealed();
    await rewrite(audit, 2, () => text);
    expect((await verify(audit, { from })).faults[0]).toMatchObject({
      kind: 'checkpointChanged',
      place: 'checkpoint 2',
    });
  });

  it.each(['2000', '2026'])('put back to %s to hide deleted events behind it, is named', async (year) => {
    const audit = azuriteAudit({ now });
    const times = Array.from({ length: 6 }, (_, i) => new Date(from.getTime() + i * 5 * 86_400_000));
    const written = times.map((time) => sampleEvent({ time: time.toISOString() }));
    for (const [i, event] of written.entries()) {
      await write(audit, event);
      await seal({ ...audit, now: () => times[i]! });
    }
    for (const { partitionKey, rowKey, event } of await entities(audit))
      if (written.slice(0, 2).some(({ id }) => String(event).includes(id)))
        await audit.tables.audit.deleteEntity(partitionKey, rowKey);
    for (const sequence of [1, 2])
      await rewrite(audit, sequence, (text) => text.replace('"time":"2026', `"time":"${year}`));
    const { valid, faults } = await verify({ ...audit, now: () => times[5]! }, { from });
    expect(valid).toBe(false);
    expect(faults.map(({ kind }) => kind)).toEqual(
      year === '2000' ? ['checkpointChanged', 'checkpointChanged'] : ['deleted', 'deleted'],
    );
  });

  it('recomputed with an edited event, and all after it, by somebody without the key, is named', async () => {
    const audit = await sealed();
    const forger = parseSigningKey(newSigningKey())!;
    const row = await rowOf(audit, 't', 'started');
    const edited = String(row['event']).replace('127.0.0.1', '127.0.0.2');
    for (const each of await entities(audit))
      if (each['event'] === row['event']) await audit.tables.audit.updateEntity({ ...each, event: edited }, 'Replace');
    let previous = '0'.repeat(64);
    for (let sequence = 1; sequence <= 4; sequence++)
      await rewrite(audit, sequence, (text) => {
        const { events, time, late } = readCheckpoint(text)!;
        const listed = events.map((listing) =>
          listing[3] === sha256(String(row['event']))
            ? ([...listing.slice(0, 3), sha256(edited)] as unknown as typeof listing)
            : listing,
        );
        const forged = writeCheckpoint(forger, { sequence, time, previous, events: listed, late });
        previous = sha256(forged);
        return forged;
      });
    await audit.tables.checks.upsertEntity(
      { partitionKey: 'audit', rowKey: 'head', sequence: 4, hash: previous },
      'Replace',
    );
    const { faults } = await verify(audit, { from });
    const named = faults.filter(({ kind }) => kind === 'wrongKey').map(({ place }) => place);
    expect(named).toEqual(['checkpoint 1', 'checkpoint 2', 'checkpoint 3', 'checkpoint 4']);
    expect(faults.some(({ kind }) => kind === 'unproven')).toBe(true);
  });

  it('signed again under the name of the right key is named', async () => {
    const audit = await sealed();
    const forger = { ...parseSigningKey(newSigningKey())!, keyId: audit.signingKey.keyId };
    await rewrite(audit, 2, (text) => {
      const { sequence, time, previous, events: listed, late } = readCheckpoint(text)!;
      return writeCheckpoint(forger, { sequence, time, previous, events: listed, late });
    });
    expect((await verify(audit, { from })).faults[0]).toMatchObject({
      kind: 'checkpointChanged',
      place: 'checkpoint 2',
    });
  });

  it('verified with another key is named', async () => {
    const audit = await sealed();
    const { faults } = await verify({ ...audit, signatures: parseSigningKey(newSigningKey())! }, { from });
    expect(faults.slice(0, 4).map(({ kind }) => kind)).toEqual(['wrongKey', 'wrongKey', 'wrongKey', 'wrongKey']);
  });

  it('taken away with all others and its note leaves every event without proof', async () => {
    const audit = await sealed();
    for (const name of await blobNames(audit)) await audit.container.deleteBlob(name);
    await audit.tables.checks.deleteEntity('audit', 'head');
    const { valid, faults } = await verify(audit, { from });
    expect(valid).toBe(false);
    expect(new Set(faults.map(({ place }) => place)).size).toBe((await entities(audit)).length);
  });
});

describe('sealing', () => {
  it('by several at once makes one checkpoint of each number, and covers every event', async () => {
    const audit = await filled();
    // Of one clock they would write the same to the letter.
    const sealers = Array.from({ length: 4 }, (_, i) => ({ ...audit, now: () => new Date(now().getTime() + i) }));
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
    expect(await audit.sealState.waiting(100)).not.toEqual([]);
    expect(await verify(audit, { from })).toMatchObject({ valid: true, events });
    expect(await audit.sealState.waiting(100)).toEqual([]);
  });

  it('keeps the order when its clock is put back', async () => {
    const audit = await filled();
    const later = { ...audit, now: () => new Date('2026-03-02T00:55:00Z') };
    await seal(later);
    await write(audit, sampleEvent({ time: '2026-03-02T00:40:00.000Z' }));
    await seal(audit);
    expect(await verify(audit, { from })).toMatchObject({
      valid: true,
      events: events + 1,
      provenUntil: '2026-03-02T00:55:00.000Z',
    });
  });

  it('waits for an event that was announced, and gives one up that did not come in a day', async () => {
    const audit = azuriteAudit({ now });
    await audit.log.announce(sampleEvent({ time: '2026-03-02T00:30:00.000Z' }));
    await audit.log.announce(sampleEvent({ time: '2026-03-01T00:30:00.000Z' }));
    expect(await verify(audit, { from })).toMatchObject({ valid: true, events: 0 });
    expect((await audit.sealState.waiting(10)).map(({ time }) => time)).toEqual(['2026-03-02T00:30:00.000Z']);
  });

  /** An event, and before it 5,000 markers of events that did not come. */
  async function behindThousands(): Promise<AzuriteAudit> {
    const audit = azuriteAudit({ now });
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
    return audit;
  }

  it('covers what comes after thousands of announced events that did not come', async () => {
    const audit = await behindThousands();
    expect(await seal(audit)).toMatchObject({ events: 1 });
    expect(await verify(audit, { from })).toMatchObject({ valid: true, events: 1 });
  });

  it('ends a run after a minute, goes on from there in the next, and then begins anew', async () => {
    const audit = await behindThousands();
    let time = now().getTime();
    const places: unknown[] = [];
    const waiting: AzuriteAudit['sealState']['waiting'] = (limit, after) => {
      time += 61_000;
      places.push(after);
      return audit.sealState.waiting(limit, after);
    };
    const slow = { ...audit, now: () => new Date(time), sealState: { ...audit.sealState, waiting } };
    expect(await seal(slow)).toMatchObject({ checkpoints: 1, events: 0 });
    expect(await seal(slow)).toMatchObject({ checkpoints: 1, events: 1 });
    expect(await seal(slow)).toMatchObject({ checkpoints: 1, events: 0 });
    expect(places).toEqual([undefined, 'unsealed!00000000-0000-4000-8000-000000049990!000002', undefined]);
  });

  it('looks at 250,000 waiting events in a run and no more, and comes back for those before it', async () => {
    const audit = azuriteAudit({ now });
    const event = sampleEvent({ checkId: randomUUID().replace(/^./, '0'), time: '2026-03-02T00:30:00.000Z' });
    await write(audit, event);
    await audit.sealState.noteStop('unsealed!1');
    let [asked, left] = [0, 2];
    const waiting: AzuriteAudit['sealState']['waiting'] = async (limit, after) => {
      asked++;
      if (after === undefined || left-- === 0) return audit.sealState.waiting(limit, after);
      return Array.from({ length: limit }, () => ({
        chain: randomUUID(),
        sequence: 2,
        time: event.time,
        shard: '0',
        key: 'unsealed!a',
      }));
    };
    const crowded = { ...audit, sealState: { ...audit.sealState, waiting } };
    expect(await seal(crowded)).toMatchObject({ checkpoints: 2, events: 1 });
    expect(asked).toBe(4);
    await audit.sealState.noteStop('unsealed!1');
    [asked, left] = [0, Infinity];
    await seal(crowded);
    expect(asked).toBe(50);
    expect(await audit.sealState.stoppedAt()).toBe('unsealed!a');
  });

  it('proves nothing later than the oldest event that is there and not covered', async () => {
    const audit = await filled();
    const time = '2026-03-02T00:30:00.000Z';
    const between = async function* (...period: Parameters<AzuriteAudit['auditRows']['between']>) {
      await write(audit, sampleEvent({ time }));
      yield* audit.auditRows.between(...period);
    };
    const report = await verify({ ...audit, auditRows: { between } }, { from });
    expect(report).toMatchObject({ valid: true, provenUntil: time });
  });

  it('covers what is written while a verification runs, or finds its marker', async () => {
    const audit = await filled();
    const late = sampleEvent({ time: '2026-03-02T00:30:00.000Z' });
    const between = async function* (...period: Parameters<AzuriteAudit['auditRows']['between']>) {
      await write(audit, late);
      yield* audit.auditRows.between(...period);
    };
    expect(await verify({ ...audit, auditRows: { between } }, { from })).toMatchObject({ valid: true, events });
    const sealedMeanwhile = async function* (...period: Parameters<AzuriteAudit['auditRows']['between']>) {
      await write(audit, sampleEvent({ time: '2026-03-02T00:40:00.000Z' }));
      await seal(audit);
      yield* audit.auditRows.between(...period);
    };
    expect((await verify({ ...audit, auditRows: { between: sealedMeanwhile } }, { from })).faults).toEqual([]);
  });

  it('lists the hash of the canonical text, and nothing of what the event says', async () => {
    const audit = azuriteAudit({ now });
    const event = sampleEvent({ reason: 'a secret plan' });
    await write(audit, event);
    await seal(audit);
    const text = (await audit.checkpoints.read(1))!;
    expect(readCheckpoint(text)?.events).toEqual([['2026-03-01', event.checkId, 1, sha256(canonicalJson(event))]]);
    expect(text).not.toContain('secret');
  });
});
