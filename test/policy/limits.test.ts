import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokenLimit, destinationKey, limitStates, type PastRequest } from '../../src/policy/limits.ts';
import { readFlow } from '../../src/policy/rule/flow.ts';
import { embeddings, octets, dotted, uriOf } from '../address/spellings.ts';
import { sampleCheck, sampleTime, webVm } from '../support/samples.ts';

const now = new Date(sampleTime);
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
const { request } = sampleCheck();
const flow = readFlow(request);
const past = (seconds: number, port: number, open = false, place = '10.1.2.4'): PastRequest => ({
  at: ago(seconds),
  open,
  destinationKey: place,
  ports: [port],
});
const limits = { requestsPerMinute: 3, active: 2, portsPerHour: 2 };
const broken = (history: readonly PastRequest[], asked = flow) =>
  brokenLimit(limitStates(limits, history, now, asked), history, now, asked)?.name;

describe('limits', () => {
  it('are not there where the policy sets none', () => {
    expect(limitStates({}, [past(1, 1433, true)], now, flow)).toEqual([]);
  });

  it('count the requests of a minute, refused ones too, and free one as it leaves the minute', () => {
    const history = [past(59, 1433), past(30, 1433), { at: ago(1), open: false, ports: [] }];
    expect(broken(history)).toBe('requests');
    expect(limitStates(limits, history, now, flow)[0]).toEqual({
      name: 'requests',
      quota: 3,
      remaining: 0,
      windowSeconds: 60,
      resetSeconds: 1,
    });
    expect(broken([past(61, 1433), ...history.slice(1)])).toBeUndefined();
  });

  it('count open checks, however old', () => {
    expect(broken([past(4000, 1433, true), past(3000, 1433, true)])).toBe('active');
    expect(broken([past(4000, 1433, true), past(3000, 1433, false)])).toBeUndefined();
  });

  it('count distinct ports of one place within the hour; a port that was tested is no new one', () => {
    expect(broken([past(100, 1), past(200, 2)])).toBe('ports');
    expect(broken([past(100, 1), past(200, 1433)])).toBeUndefined();
    expect(broken([past(100, 1), past(200, 2, false, '10.1.2.5')])).toBeUndefined();
    expect(broken([past(100, 1), past(3601, 2)])).toBeUndefined();
    expect(
      broken([past(100, 1), past(200, 2)], readFlow({ ...request, destination: { address: 'http://10.1.2.4:81/x' } })),
    ).toBe('ports');
  });

  it('never leave more than the quota nor less than nothing, and always tell when there will be more', () => {
    const history = fc.array(
      fc.record({
        at: fc.nat(7200).map(ago),
        open: fc.boolean(),
        destinationKey: fc.constantFrom('10.1.2.4', 'x'),
        ports: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 2 }),
      }),
    );
    fc.assert(
      fc.property(history, (entries) => {
        for (const { quota, remaining, resetSeconds } of limitStates(limits, entries, now, flow)) {
          expect(remaining).toBeGreaterThanOrEqual(0);
          expect(remaining).toBeLessThanOrEqual(quota);
          if (remaining < quota) expect(resetSeconds).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('the key of a destination', () => {
  const keyOf = (destination: typeof request.destination): string =>
    destinationKey(readFlow({ ...request, destination }));

  // A Teredo address leads to its client, through its server; which layout a local NAT64 prefix has nobody can tell.
  const plain = embeddings.filter(({ name }) => name !== 'Teredo server' && !name.startsWith('local NAT64'));

  it('is the same for an IPv4 address, every IPv6 address that embeds it, and their URIs', () => {
    const spelled = octets
      .filter(([first]) => first > 0)
      .chain((ip) => {
        const form = fc.constantFrom(...plain).map(({ of }) => of(ip));
        return fc.oneof(form, form.chain(uriOf)).map((text) => ({ ip, text }));
      });
    fc.assert(
      fc.property(spelled, ({ ip, text }) => {
        expect(keyOf({ address: text })).toBe(dotted(ip));
      }),
    );
    expect(keyOf({ address: '2002:a01:204::7' })).toBe('10.1.2.4');
    expect(keyOf({ address: '2001:db8::7' })).toBe('2001:db8::7');
  });

  it('fits into a filter, and tells long resource ids apart whatever their letter case', () => {
    const long = `${webVm.replace('rg-web', `rg-πΣ${'g'.repeat(85)}`)}${`/${'t'.repeat(63)}/${'n'.repeat(89)}`.repeat(3)}`;
    const key = keyOf({ resourceId: long });
    expect(key.length).toBeLessThanOrEqual(512);
    expect(keyOf({ resourceId: long.toUpperCase() })).toBe(key);
    expect(keyOf({ resourceId: `${long}b` })).not.toBe(key);
  });
});
