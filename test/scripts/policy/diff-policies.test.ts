import { describe, expect, it } from 'vitest';
import { diffPolicies } from '../../../scripts/policy/diff-policies.ts';
import { diffText } from '../../../scripts/policy/diff-text.ts';
import { tallyAudit } from '../../../scripts/policy/tally-audit.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import { groups, policyOf, vm } from '../../policy/asking.ts';
import { sampleCaller } from '../../support/samples.ts';

const before = policyOf([
  { id: 'shop', effect: 'allow', requesters: { groups: [groups.one] }, destinations: ['10.1.0.0/16'] },
  { id: 'all', effect: 'allow', requesters: { roles: ['Payments'] } },
]);
const target = { source: vm('web-01'), destination: '10.1.2.4', port: 443, protocol: 'Tcp' };

interface Change {
  readonly time?: string;
  readonly action?: string;
  readonly target?: object;
  readonly outcome?: object;
  readonly decision?: object;
  readonly user?: string;
}

function line({ user = 'alice', time = '2026-11-20T10:00:00.000Z', decision = {}, ...more }: Change = {}): string {
  const known = { policy: before.hash, roles: ['Check.Request'], groups: [groups.one], ...decision };
  const event = { action: 'requested', time, requester: sampleCaller(user).requester, target, decision: known };
  return JSON.stringify({ ...event, ...more, deputy: 'system-assigned', requestId: 'r' });
}

async function diff(after: Policy, ...lines: readonly string[]) {
  const tally = await tallyAudit(async function* () {
    yield* await Promise.resolve(lines);
  }, 30);
  const found = diffPolicies(before, after, tally.asked);
  const counts = [found.cutOff, found.opened, found.untold].map((each) =>
    each.reduce((sum, { count }) => sum + count, 0),
  );
  return { counts, text: diffText(tally, found) };
}

const narrower = policyOf([
  { id: 'shop', effect: 'allow', requesters: { groups: [groups.one] }, destinations: ['10.1.0.0/17'], ports: [22] },
]);

describe('the difference of two policies', () => {
  it('names the sets that would be gone', () => {
    const set = { sources: [{ resourceId: vm('web-01') }], destinations: [{ address: '10.1.2.4', port: 443 }] };
    const all = [{ id: 'all', effect: 'allow' }];
    const [old, now] = [
      { orders: set, night: set },
      { night: set, more: set },
    ].map((sets) => policyOf(all, { sets }));
    const found = diffPolicies(old!, now!, []);
    expect(found.goneSets).toEqual(['orders']);
    const text = diffText({ from: '', to: '', unreadable: 0, asked: [] }, found);
    expect(text).toContain('Sets that the new policy does not have: orders.\n');
  });

  it('names whom it would cut off, with flow, count, first and last time, and why', async () => {
    const { counts, text } = await diff(
      narrower,
      line({ time: '2026-11-02T10:00:00.000Z' }),
      line({ time: '2026-11-25T10:00:00.000Z' }),
      line({ target: { ...target, port: 22 } }),
      line({
        user: 'bob',
        decision: { roles: ['Payments'], groups: [] },
        target: { ...target, destination: vm('sql') },
      }),
    );
    expect(counts).toEqual([3, 0, 0]);
    expect(text).toContain(
      '4 requests from 2026-10-26 to 2026-11-25.\n\nWould be cut off: 3 requests of 2 requesters.\n',
    );
    expect(text).toContain(
      `  alice (${sampleCaller().requester.id}, http): ${vm('web-01')} -> 10.1.2.4 port 443 Tcp\n` +
        '    2 times, 2026-11-02 to 2026-11-25. No rule allows this check. Rule "shop" allows it with port 22; you gave 443.',
    );
  });

  it('names whom it would let in', async () => {
    const wider = policyOf([{ id: 'all', effect: 'allow' }]);
    const refused = line({ action: 'refused', decision: { groups: [] }, outcome: { count: 3 } });
    expect((await diff(wider, refused, line())).counts).toEqual([0, 3, 0]);
  });

  it('looks at requests of the last days of the export alone', async () => {
    const { counts } = await diff(
      narrower,
      line({ time: '2026-10-01T00:00:00.000Z' }),
      line({ action: 'finished' }),
      line({ time: '2026-11-25T00:00:00.000Z', action: 'read', target: {} }),
    );
    expect(counts).toEqual([0, 0, 0]);
  });

  it('counts what cannot be told: events without roles, without a target, and lines that are none', async () => {
    const { counts, text } = await diff(
      narrower,
      line({ decision: { roles: undefined, groups: undefined } }),
      line({ action: 'refused', target: {}, outcome: { code: 'Repeated', count: 40 } }),
      'no JSON',
    );
    expect(counts).toEqual([0, 0, 41]);
    expect(text).toContain('; lines that could not be read: 1.');
    expect(text).toContain('Cannot be told: 41 requests.\n  40: the event does not say what was to be tested');
  });

  it('cannot tell where it depends on a group that the deciding policy did not name', async () => {
    const other = policyOf([
      { id: 'shop', effect: 'allow', requesters: { groups: [groups.one] } },
      { id: 'no', effect: 'deny', requesters: { groups: [groups.two] }, destinations: ['10.1.0.0/16'] },
    ]);
    const elsewhere = { target: { ...target, destination: '10.2.0.1' } };
    expect((await diff(other, line())).counts).toEqual([0, 0, 1]);
    expect((await diff(other, line())).text).toContain(`it depends on whether the requester is in ${groups.two}`);
    expect((await diff(other, line({ decision: { groups: [groups.one, groups.two] } }))).counts).toEqual([1, 0, 0]);
    expect((await diff(other, line(elsewhere))).counts).toEqual([0, 1, 0]);
    // Decided by a third policy: of a group that is not in the event nobody knows.
    const third = { decision: { policy: 'f'.repeat(64), groups: [] } };
    expect((await diff(narrower, line(third))).counts).toEqual([0, 0, 1]);
    expect((await diff(narrower, line({ decision: { groups: [] } }))).counts).toEqual([0, 0, 0]);
  });

  it('is not made of a file that is no export', async () => {
    await expect(diff(narrower, 'time,action')).rejects.toThrow('The export has no events');
  });
});
