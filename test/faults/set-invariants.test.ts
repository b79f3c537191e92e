import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/check/state/check.ts';
import { eventOf } from '../../src/check/state/event-of.ts';
import { succeeded } from '../../src/check/state/transition.ts';
import type { StoredMember } from '../../src/set/ports/set-store.ts';
import type { MemberState } from '../../src/set/state/set.ts';
import { memberOfCheck } from '../../src/set/state/member-of-check.ts';
import { setBreaches } from '../support/faults/set-invariants.ts';
import { uuidOf } from '../support/memory/memory-proxy.ts';
import { sampleCheck, sampleTime } from '../support/samples.ts';

const setId = uuidOf('set');
const deps = { now: () => new Date(sampleTime), newId: () => uuidOf('event'), deputy: 'system-assigned' };
const waiting = sampleCheck({ member: { setId, index: 0 } });
const ended = succeeded(deps, waiting, { summary: 's', reachability: 'Reachable', reasons: [] }, {});
const { caller, origin, request, createdAt, dueAt } = waiting;
const set = { id: setId, caller, origin, createdAt, dueAt, total: 2, proof: 'proof', open: false };
const error = { code: 'PolicyRefused' as const, message: 'no' };
const refused: MemberState = { kind: 'refused', error };
const canceled: MemberState = { kind: 'ended', status: 'Canceled', sentence: 's' };

interface Changes {
  readonly checks?: readonly Check[];
  readonly states?: readonly MemberState[];
  readonly open?: readonly string[];
  readonly accepted?: readonly string[];
  readonly canceled?: readonly string[];
  readonly events?: readonly ReturnType<typeof eventOf>[];
}

function found(changes: Changes = {}): string[] {
  const { checks = [ended], states = [memberOfCheck(ended), refused], open = [], accepted = [setId] } = changes;
  const members = states.map((state, index): StoredMember => ({ index, request, state, version: 'v' }));
  const stored = {
    checks: new Map(checks.map((check) => [check.id, check])),
    ...{ open: [], answers: new Set<string>(), events: new Map() },
  };
  return setBreaches({
    accepted,
    canceled: new Set(changes.canceled),
    stored,
    storedSets: { sets: new Map([[setId, { set, version: 'v', members }]]), open },
    events: changes.events ?? [eventOf(deps, waiting, 'refused')],
  }).map((breach) => breach.slice(0, 2));
}

describe('the checker of the invariants of sets', () => {
  it('finds nothing where all is well', () => {
    expect(found()).toEqual([]);
    expect(found({ states: [memberOfCheck(ended), canceled], canceled: [setId] })).toEqual([]);
  });

  it('finds a set or a member that is lost or open', () => {
    expect(found({ accepted: [setId, uuidOf('another')] })).toEqual(['I1']);
    expect(found({ open: [setId] })).toEqual(['I1']);
    expect(found({ states: [memberOfCheck(ended)] })).toEqual(['I1']);
    expect(found({ states: [memberOfCheck(ended), { kind: 'waiting' }] })).toEqual(['I1']);
    expect(found({ states: [memberOfCheck(ended), canceled] })).toEqual(['I1']);
    expect(found({ checks: [] })).toEqual(['I1']);
    expect(found({ checks: [waiting] })).toEqual(['I1']);
    const elsewhere = { ...ended, id: uuidOf('elsewhere'), member: { setId: uuidOf('another'), index: 0 } };
    expect(found({ checks: [ended, elsewhere] })).toEqual(['I1']);
  });

  it('finds a member that says something else than its check, or is one although it was refused or canceled', () => {
    expect(found({ states: [{ ...memberOfCheck(ended), sentence: 'other' }, refused] })).toEqual(['I3']);
    const second = { ...ended, id: uuidOf('second'), member: { setId, index: 1 } };
    expect(found({ checks: [ended, second] })).toEqual(['I2']);
    expect(found({ checks: [ended, second], states: [memberOfCheck(ended), canceled], canceled: [setId] })).toEqual([
      'I2',
    ]);
  });

  it('finds a refusal without its event', () => {
    expect(found({ events: [] })).toEqual(['I4']);
    expect(found({ events: [eventOf(deps, waiting, 'requested')] })).toEqual(['I4']);
  });
});
