import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../src/client/answers.ts';
import { storyOf } from '../../src/page/views/audit/story.ts';

const event: AuditEvent = {
  id: '1',
  time: '2026-03-01T10:00:00.000Z',
  action: 'requested',
  checkId: '3f2a9c1e-0000-4000-8000-000000000001',
  requester: {
    ...{ id: 't/o', tenantId: 't', objectId: 'o', name: 'anna' },
    kind: 'user',
    via: 'http',
    agent: 'web/1.0.0',
  },
  deputy: 'system-assigned',
  sourceAddress: '192.0.2.1',
  target: {
    source: '/subscriptions/a/resourceGroups/b/providers/Microsoft.Compute/virtualMachines/web-01',
    destination: 'db',
    port: 1433,
    protocol: 'Tcp',
  },
  decision: { allowed: true, rule: 'own', reason: 'Rule "own" allows it.', policy: 'aa' },
  requestId: '2',
};

const sentence = (more: object): string => storyOf({ ...event, ...more }).sentence;

describe('the story of an event', () => {
  it.each([
    [{}, 'anna asked whether web-01 reaches db by TCP port 1433.'],
    [{ action: 'refused' }, 'anna was refused: whether web-01 reaches db by TCP port 1433.'],
    [{ action: 'refused', target: { resource: '/api/sets' } }, 'anna was refused: /api/sets.'],
    [{ action: 'started' }, 'Azure was asked for anna whether web-01 reaches db by TCP port 1433.'],
    [
      { action: 'failed', outcome: { code: 'DeadlineExceeded' } },
      'The check of anna whether web-01 reaches db by TCP port 1433 failed: DeadlineExceeded.',
    ],
    [
      { action: 'canceled', target: { ...event.target, protocol: 'Icmp' } },
      'anna canceled the check whether web-01 reaches db by ping (ICMP).',
    ],
    [{ action: 'read' }, 'anna read check 3f2a9c1e.'],
    [{ action: 'read', checkId: undefined, target: { resource: '/api/audit' } }, 'anna read /api/audit.'],
    [
      { action: 'exported', target: { resource: 'https://hooks.example.com' }, outcome: { code: 'delivered' } },
      'The end of check 3f2a9c1e of anna went to https://hooks.example.com: delivered.',
    ],
    [
      { action: 'shared', sharedWith: { until: '2026-03-08T10:00:00.000Z' } },
      'anna shared check 3f2a9c1e with whoever has its id, until 2026-03-08 10:00:00 UTC.',
    ],
    [{ action: 'shared', channel: 'slack/T1/C1' }, 'anna shared check 3f2a9c1e with all in slack/T1/C1.'],
    [{ action: 'unshared' }, 'anna took back the share of check 3f2a9c1e.'],
    [
      { action: 'linked', checkId: undefined, target: { resource: 'slack/T1/U1' } },
      'anna linked the chat account slack/T1/U1 with themselves.',
    ],
    [{ action: 'unlinked', target: { resource: 'slack/T1/U1' } }, 'The chat account slack/T1/U1 was unlinked by anna.'],
    [{ action: 'constructor', target: {} }, 'anna: constructor, no more is known.'],
  ])('is told in a sentence: %o', (more, told) => {
    expect(sentence(more)).toBe(told);
  });

  it('has who, through whom, from where, and why', () => {
    const { facts } = storyOf({ ...event, reason: 'a release', attempt: 2, arm: { status: 202, requestId: 'r' } });
    const told = Object.fromEntries(facts.map(({ name, text }) => [name, text]));
    expect(told).toMatchObject({
      Who: 'anna (a person), t/o',
      'Came in by': 'http, web/1.0.0',
      'From the address': '192.0.2.1',
      'Acting in Azure': 'system-assigned',
      Because: 'a release',
      Decision: 'Allowed by rule own: Rule "own" allows it.',
      'Azure answered': 'HTTP 202, request r',
      Try: '2',
    });
  });

  it('shows what would not be seen', () => {
    expect(sentence({ requester: { ...event.requester, name: 'an\u202ena' } })).toContain('\\u');
  });
});
