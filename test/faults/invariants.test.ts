import { describe, expect, it } from 'vitest';
import type { AuditAction } from '../../src/audit/event.ts';
import type { Check } from '../../src/check/state/check.ts';
import { eventOf } from '../../src/check/state/event-of.ts';
import { failed, succeeded } from '../../src/check/state/transition.ts';
import { breaches } from '../support/faults/invariants.ts';
import type { Io } from '../support/faults/io-trace.ts';
import { uuidOf } from '../support/memory/memory-proxy.ts';
import { sampleCheck } from '../support/samples.ts';
import type { Stored, StoredEvent } from '../support/faults/stored-state.ts';

let ids = 0;
const deps = {
  now: () => new Date('2026-03-01T10:00:00.000Z'),
  newId: () => uuidOf(String(ids++)),
  deputy: 'system-assigned',
};
const waiting = sampleCheck({ attempts: 1, audited: 2 });
const { id } = waiting;
const ended: Check = {
  ...succeeded(deps, waiting, { summary: 's', reachability: 'Reachable', reasons: [] }, {}),
  pendingEvent: undefined,
};

const event = (action: AuditAction, writtenAt: number, attempt?: number): StoredEvent => ({
  event: eventOf(deps, waiting, action, attempt === undefined ? {} : { attempt }),
  writtenAt,
});
const [requested, started, finished] = [event('requested', 1), event('started', 2, 1), event('finished', 4)];
const post: Io = {
  service: 'arm',
  operation: 'begin',
  method: 'POST',
  path: '/',
  tryOf: '1',
  checkIds: [id],
  begun: 3,
  executed: true,
  status: 200,
};

function found(
  changes: { check?: Check; open?: string[]; answers?: string[]; events?: StoredEvent[]; log?: Io[] } = {},
) {
  const { check = ended, open = [], answers = [id], events = [requested, started, finished], log = [post] } = changes;
  const stored: Stored = {
    checks: new Map([[check.id, check]]),
    open,
    answers: new Set(answers),
    events: new Map([[id, events]]),
  };
  return breaches({ accepted: [id], stored, log }).map((breach) => breach.slice(0, 2));
}

describe('the checker of the invariants', () => {
  it('finds nothing where all is well', () => {
    expect(found()).toEqual([]);
    expect(found({ log: [] })).toEqual([]);
  });

  it('finds a check that was accepted and is lost, open, or not told of', () => {
    expect(found({ check: { ...ended, id: uuidOf('another') }, answers: [], log: [] })).toContain('I1');
    expect(found({ open: [id] })).toEqual(['I1']);
    expect(found({ check: { ...ended, pendingEvent: finished.event } })).toEqual(['I1']);
  });

  it('finds a POST that came before its events, or without any', () => {
    expect(found({ log: [{ ...post, begun: 1 }] })).toEqual(['I2']);
    expect(found({ log: [post, { ...post, begun: 5 }] })).toContain('I2');
    expect(found({ log: [{ ...post, checkIds: [uuidOf('another')] }] })).toEqual(['I2']);
    expect(found({ log: [post, { ...post, executed: false }] })).toEqual([]);
  });

  it('finds two ends, and a result that is missing or too much', () => {
    expect(found({ events: [requested, started, finished, event('failed', 5)] })).toContain('I3');
    expect(found({ answers: [] })).toEqual(['I3']);
  });

  it('finds an event that is missing, doubled, in the wrong place or of the wrong attempt', () => {
    expect(found({ events: [requested, finished], log: [] })).toContain('I4');
    expect(found({ events: [requested, started, started, finished] })).toContain('I4');
    expect(found({ events: [started, requested, finished], log: [] })).toEqual(['I4']);
    expect(found({ events: [requested, event('started', 2, 2), finished] })).toEqual(['I4']);
    expect(
      found({
        events: [
          requested,
          event('started', 2, 1),
          { ...finished, event: { ...finished.event, id: requested.event.id } },
        ],
      }),
    ).toEqual(['I4']);
  });

  it('finds a run that is shared without its event, under another name, twice, or without a POST', () => {
    const leader = uuidOf('leader');
    const check = { ...ended, attempts: 0, joined: leader };
    const joining = (checkId: string): StoredEvent => ({
      event: eventOf(deps, waiting, 'started', { joined: { checkId } }),
      writtenAt: 2,
    });
    const log = [{ ...post, checkIds: [leader] }];
    // The leader is no check that is stored here.
    const ofFollower = (events: StoredEvent[], posts = log) =>
      found({ check, events, log: posts }).slice(0, -posts.length || undefined);
    expect(ofFollower([requested, joining(leader), finished])).toEqual([]);
    expect(ofFollower([requested, finished])).toContain('I4');
    expect(ofFollower([requested, joining(id), finished])).toEqual(['I4']);
    expect(ofFollower([requested, joining(leader), joining(leader), finished])).toContain('I4');
    expect(ofFollower([requested, joining(leader), finished], [])).toEqual(['I2']);
    expect(found({ events: [requested, joining(leader), finished], log: [] })).toContain('I4');
  });

  it('finds a result that policy denied and that is kept all the same', () => {
    const decision = { ...ended.decision, allowed: false };
    expect(found({ check: { ...ended, decision } })).toEqual(['I5']);
    const withheld = failed(deps, { ...waiting, decision }, { code: 'PolicyRefused', message: 'withheld' });
    const check = { ...withheld, pendingEvent: undefined };
    const events = [requested, started, event('failed', 4)];
    expect(found({ check, events, answers: [] })).toEqual([]);
    expect(found({ check, events })).toContain('I5');
  });
});
