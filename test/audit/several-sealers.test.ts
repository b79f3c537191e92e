import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/audit/checkpoint/checkpoint.ts';
import { seal } from '../../src/audit/seal/seal.ts';
import { verify } from '../../src/audit/verify/verify.ts';
import { sampleEvent, write } from '../support/azurite-audit.ts';
import { fastAudit } from '../support/fast-audit.ts';

const now = () => new Date('2026-03-02T12:00:00Z');
const today = { from: new Date('2026-03-02') };
const event = () => sampleEvent({ time: '2026-03-02T11:59:00.000Z' });

describe('a checkpoint that is noted as the newest', () => {
  it('is not called lost because one reading of it was answered with something else', async () => {
    const audit = fastAudit({ now });
    await write(audit, event());
    await seal(audit);
    await write(audit, event());
    let reads = 0;
    const read = (number: number) => (reads++ === 0 ? Promise.resolve('<html>') : audit.checkpoints.read(number));
    const { events, warnings } = await seal({ ...audit, checkpoints: { ...audit.checkpoints, read } });
    expect({ events, warnings }).toEqual({ events: 1, warnings: [] });
    expect(await verify(audit, today)).toMatchObject({ valid: true, events: 2, pending: 0 });
  });
});

describe('eight sealers at once', () => {
  it('list each event once', async () => {
    const audit = fastAudit({ now });
    for (let count = 0; count < 13; count++) await write(audit, event());
    await Promise.all(Array.from({ length: 8 }, () => seal(audit)));
    const numbers = await audit.checkpoints.numbers();
    const texts = await Promise.all(numbers.map((number) => audit.checkpoints.read(number)));
    const listed = numbers.flatMap((number, i) => readCheckpoint(number, texts[i]!)?.events.map(String) ?? []);
    expect([listed.length, new Set(listed).size]).toEqual([13, 13]);
    expect(await verify(audit, today)).toMatchObject({ valid: true, events: 13, pending: 0 });
  });
});
