import { describe, expect, it } from 'vitest';
import { submit } from '../../src/check/submit.ts';
import { createRunExclusive } from '../../src/check/run-exclusive.ts';
import type { Problem } from '../../src/contract/problem.ts';
import { askedOf, memoryProxy, policyOf, sampleSubmission } from '../support/memory/memory-proxy.ts';
import { sampleCheck } from '../support/samples.ts';

const later = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('run the work of one key one after the other, in order, and other keys beside it', async () => {
    const runExclusive = createRunExclusive();
    const events: string[] = [];
    const work = (key: string, name: string) =>
      runExclusive(key, async () => {
        events.push(`${name} begins`);
        await later();
        events.push(`${name} ends`);
      });
    await Promise.all([work('a', 'a1'), work('a', 'a2'), work('b', 'b1')]);
    expect(events.filter((event) => event.startsWith('a'))).toEqual(['a1 begins', 'a1 ends', 'a2 begins', 'a2 ends']);
    expect(events.indexOf('b1 begins')).toBeLessThan(events.indexOf('a1 ends'));
  });

  it('go on after work that failed, and tell each caller its own outcome', async () => {
    const runExclusive = createRunExclusive();
    const outcomes = await Promise.allSettled([
      runExclusive('a', () => Promise.reject(new Error('broken'))),
      runExclusive('a', () => Promise.resolve('fine')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await runExclusive('a', () => Promise.resolve('again'))).toBe('again');
  });

  it('turn away whom so many wait before', async () => {
    const runExclusive = createRunExclusive();
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => runExclusive('a', later)));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Problem] : []));
    expect(refused).toHaveLength(10);
    expect(refused[0]).toMatchObject({ code: 'TooManyRequests', retryAfterSeconds: 1 });
  });

  it('hold a scan of 65 ports that comes all at once to its limit', async () => {
    const proxy = memoryProxy({}, { policy: policyOf([{ id: 'all', effect: 'allow' }], { portsPerHour: 32 }) });
    const store = {
      ...proxy.store,
      insert: async (...args: Parameters<typeof proxy.store.insert>) => (await later(), proxy.store.insert(...args)),
    };
    const scan = Array.from({ length: 65 }, (_, port) => {
      const request = { ...sampleCheck().request, destination: { address: '10.1.2.4', port: port + 1 } };
      return submit({ ...proxy.deps, store }, ...sampleSubmission({ asked: askedOf(request) }));
    });
    const outcomes = await Promise.allSettled(scan);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(32);
  });
});
