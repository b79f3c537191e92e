import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { connectivityInformationSchema } from '../../src/arm/connectivity-information.ts';
import { resultIn } from '../../src/arm/operation-body.ts';
import type { Comparison, FlowHistory } from '../../src/contract/answer/comparison.ts';
import type { CheckView } from '../../src/contract/check.ts';
import { readHops } from '../../src/rendering/read-hops.ts';
import { renderCheck } from '../../src/rendering/render-check.ts';
import { renderComparison } from '../../src/rendering/render-comparison.ts';
import { renderFlow } from '../../src/rendering/render-flow.ts';
import { renderRow } from '../../src/rendering/render-list.ts';
import { renderProgress } from '../../src/rendering/render-progress.ts';
import { renderSet, type SetAnswer } from '../../src/rendering/render-set.ts';
import { shareInWords } from '../../src/rendering/share-in-words.ts';
import { stateWords } from '../../src/rendering/state.ts';
import { ticketOf } from '../../src/rendering/ticket-of.ts';
import { agoInWords, spanInWords } from '../../src/rendering/visible.ts';
import { verdictOf } from '../../src/verdict/verdict.ts';
import { numRuns } from '../support/run/num-runs.ts';
import { sampleCaller, sampleCheck, webVm } from '../support/samples.ts';

const origin = 'https://proxy.example.com';
const id = '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f';
const { request } = sampleCheck();
/** A path on which one rule at the source stops everything. */
const stopped: unknown = JSON.parse(
  (
    JSON.parse(
      readFileSync(new URL('../fixtures/connectivity/unreachable-security-rule.json', import.meta.url), 'utf8'),
    ) as { exchanges: { body: string }[] }
  ).exchanges.findLast(({ body }) => body.includes('connectionStatus'))?.body ?? '',
);

function succeeded(result: unknown, more: Partial<CheckView> = {}): CheckView {
  return {
    id,
    status: 'Succeeded',
    requester: sampleCaller().requester,
    request,
    createdAt: '2026-03-01T10:00:00.000Z',
    finishedAt: '2026-03-01T10:01:05.000Z',
    result,
    verdict: verdictOf(result, request),
    ...more,
  };
}

describe('A check', () => {
  it('that a security rule stops is drawn with what stops it where it stops it', () => {
    const rendered = renderCheck(succeeded(stopped, { reason: 'INC-1042' }), origin);
    expect(rendered).toMatchObject({
      id,
      title: 'web-01 → 10.1.2.4: TCP port 1433',
      state: 'unreachable',
      hasEnded: true,
      sentence: verdictOf(stopped, request).summary,
      warnings: [],
      link: `${origin}/#/checks/${id}`,
    });
    const [reason] = rendered.reasons;
    expect(reason?.owner).toBe('network team');
    expect(reason?.action).not.toBe('');
    expect(rendered.hops.map(({ role }) => role)[0]).toBe('source');
    expect(rendered.hops.filter(({ reasons }) => reasons.includes(0))).toHaveLength(1);
    expect(rendered.facts.map(({ name, value }) => `${name}: ${value}`)).toEqual([
      `From: ${webVm}`,
      'To: 10.1.2.4',
      'Asked by: alice',
      'Asked at: 2026-03-01 10:00:00 UTC',
      'Took: 1 min 5 s',
      'Reason: INC-1042',
      `Id: ${id}`,
    ]);
  });

  it('is drawn from the source on, as the links lead, with its branches', () => {
    const hop = (hopId: string, next: string[], more = {}) => ({ id: hopId, nextHopIds: next, issues: [], ...more });
    const result = {
      connectionStatus: 'Reachable',
      probesSent: 10,
      probesFailed: 0,
      hops: [
        hop('s', ['f', 'g', 'gone'], { type: 'Source', address: '10.0.0.4', resourceId: webVm }),
        hop('d', [], { type: 'VnetLocal', address: '10.1.2.4' }),
        hop('f', ['d', 's'], { type: 'VirtualAppliance', address: '10.0.9.4' }),
        hop('g', ['d'], { type: 'VirtualAppliance', address: '10.0.9.5' }),
      ],
    };
    const { hops } = renderCheck(succeeded(result), origin);
    expect(hops).toEqual([
      { role: 'source', name: 'web-01 (10.0.0.4)', kind: 'Source', resourceId: webVm, next: [1, 2], reasons: [] },
      { role: 'between', name: '10.0.9.4', kind: 'VirtualAppliance', next: [3, 0], reasons: [] },
      { role: 'between', name: '10.0.9.5', kind: 'VirtualAppliance', next: [3], reasons: [] },
      { role: 'destination', name: '10.1.2.4', kind: 'VnetLocal', next: [], reasons: [] },
    ]);
  });

  it('is drawn downward: each place stands below all that lead to it, where no circle does', () => {
    const graph = fc
      .uniqueArray(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 })), { maxLength: 16, selector: String })
      .map((links) => links.filter(([from, to]) => from < to));
    const order = fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7], { minLength: 7 });
    fc.assert(
      fc.property(graph, order, (links, shuffled) => {
        const hops = [0, ...shuffled].map((place) => {
          const nextHopIds = links.flatMap(([from, to]) => (from === place ? [String(to)] : []));
          return { id: String(place), address: `10.0.0.${place}`, nextHopIds };
        });
        const reached = new Set([0]);
        for (const place of reached) for (const [from, to] of links) if (from === place) reached.add(to);
        const drawn = renderCheck(succeeded({ hops }), origin).hops;
        expect(drawn).toHaveLength(8);
        drawn.slice(0, reached.size).forEach(({ next }, at) => {
          // What only an unlinked place leads to cannot wait for it.
          if ([...links].every(([from]) => reached.has(from))) expect(next.every((to) => to > at)).toBe(true);
        });
      }),
      { numRuns: numRuns(1_000) },
    );
  });

  it('tells what Azure measured, from end to end and to each next place', () => {
    const link = (nextHopId: string, least?: unknown, average?: unknown, most?: unknown) => ({
      nextHopId,
      properties: { roundTripTimeMin: least, roundTripTimeAvg: average, roundTripTimeMax: most },
    });
    const result = {
      connectionStatus: 'Degraded',
      ...{ probesSent: 100, probesFailed: 12, minLatencyInMs: 1, avgLatencyInMs: 2, maxLatencyInMs: 7 },
      hops: [
        {
          ...{ id: 's', type: 'Source', address: '10.0.0.4', nextHopIds: ['f', 'g'] },
          links: [
            link('f'),
            link('f', 3, 4, 9),
            link('elsewhere', 1, 1, 1),
            link('g', 7, 9, 2),
            'odd',
            { nextHopId: 'g' },
          ],
        },
        { id: 'f', address: '10.0.9.4', nextHopIds: ['d'], links: [link('d', -1, '2', 4_294_967_296)] },
        { id: 'g', address: '10.0.9.5', nextHopIds: ['d'], links: [link('d', 0, 0, 0)] },
        { id: 'd', address: '10.1.2.4', nextHopIds: [], links: [link('gone', 1, 2, 3)] },
      ],
    };
    const { hops, measured } = renderCheck(succeeded(result), origin);
    expect(hops.map(({ roundTrips }) => roundTrips)).toEqual([
      [
        { to: 1, inWords: '4 ms on average (3–9 ms)' },
        { to: 2, inWords: '9 ms on average' },
      ],
      undefined,
      [{ to: 3, inWords: '0 ms on average (0–0 ms)' }],
      undefined,
    ]);
    expect(measured).toEqual([
      { name: 'Probes', value: '12 of 100 probes failed (12 %)' },
      { name: 'Round trip', value: '2 ms on average (1–7 ms)' },
    ]);
    expect(renderCheck(succeeded(undefined), origin).measured).toEqual([]);
    expect(renderCheck(succeeded({ hops: [], probesSent: 'many' }), origin).measured).toEqual([]);
  });

  it('is a text for a ticket: question, answer, cause, what to do, who can, when, and the link', () => {
    const rendered = renderCheck(succeeded(stopped, { reason: 'INC-1042' }), origin);
    const [reason] = rendered.reasons;
    expect(ticketOf(rendered)).toBe(
      [
        'web-01 → 10.1.2.4: TCP port 1433',
        `Unreachable. ${rendered.sentence}`,
        '',
        `Cause: ${reason?.message}`,
        `What to do: ${reason?.action}`,
        'Who: network team',
        '',
        `From: ${webVm}`,
        'To: 10.1.2.4',
        'Asked by: alice',
        'Asked at: 2026-03-01 10:00:00 UTC',
        'Took: 1 min 5 s',
        'Reason: INC-1042',
        'Probes: 30 of 30 probes failed',
        '',
        `${origin}/#/checks/${id}`,
      ].join('\n'),
    );
    const note = { code: 'N', message: 'A note.', action: 'Nothing.', owner: 'nobody' };
    const other = { ...note, owner: 'VM owner', contact: '#shop' };
    const text = ticketOf({ ...rendered, warnings: ['No agent.'] }, [note, other]);
    expect(text).toContain('Warning: No agent.\n\nCause: A note.\nWhat to do: Nothing.\n\nCause: A note.');
    expect(text).toContain('\nWho: VM owner (#shop)\n');
    expect(text).not.toContain(reason?.action);
  });

  test.each<[Partial<CheckView>, string, string | undefined]>([
    [{ status: 'NotStarted' }, '10:00:09', 'It has been waiting for Azure for 9 s.'],
    [{ status: 'Running' }, '10:00:14', 'Azure has been probing for 14 s; usually it takes 60–90 s.'],
    [
      { status: 'Running', startedAt: '2026-03-01T10:00:10.000Z' },
      '10:02:15',
      'Azure has been probing for 2 min 5 s; usually it takes 60–90 s, and longer where nothing answers.',
    ],
    [{ status: 'Running' }, '09:59:00', undefined],
    [{ status: 'Succeeded' }, '10:00:14', undefined],
  ])('that is %j at %s: %s', (more, time, words) => {
    expect(renderProgress(succeeded(undefined, more), new Date(`2026-03-01T${time}.000Z`))).toBe(words);
  });

  test.each([
    [undefined, 'with whoever may ask for checks and has its id'],
    [['a'], 'with one person'],
    [['a', 'b'], 'with 2 persons'],
  ])('that is shared with %j', (to, who) => {
    const until = '2026-03-08T10:00:00.000Z';
    expect(shareInWords({ ...(to && { to }), until })).toBe(`shared ${who} until 2026-03-08 10:00:00 UTC`);
  });

  test.each<[Partial<CheckView>, string, boolean]>([
    [{ status: 'NotStarted' }, 'waiting', false],
    [{ status: 'Running' }, 'running', false],
    [{ status: 'Failed', error: { code: 'AzureFailed', message: 'no' } }, 'failed', true],
    [{ status: 'Canceled' }, 'canceled', true],
  ])('that is %j is %s', (more, state, hasEnded) => {
    const check = succeeded(undefined, { ...more, verdict: { summary: 'So it is.', reasons: [] } });
    expect(renderCheck(check, origin)).toMatchObject({ state, hasEnded, sentence: 'So it is.', hops: [], reasons: [] });
    expect(renderRow(check, origin)).toEqual({
      id,
      at: '2026-03-01 10:00:00 UTC',
      title: 'web-01 → 10.1.2.4: TCP port 1433',
      state,
      sentence: 'So it is.',
      requester: 'alice',
      link: `${origin}/#/checks/${id}`,
    });
  });

  it('says neither the key in a URI nor what a share and a callback hide', () => {
    const uri = 'https://shop.example.com/health?key=hidden#there';
    const check = succeeded(undefined, {
      request: { ...request, destination: { address: uri }, protocol: 'Https' },
      sharedWith: { until: '2026-03-08T10:00:00.000Z' },
      callback: { origin: 'https://hooks.example.com', status: 'pending', attempts: 1 },
      rerunOf: id,
      warnings: [{ code: 'AgentAbsent', message: 'The source has no agent.' }],
    });
    const rendered = renderCheck(check, origin);
    expect(JSON.stringify(rendered)).not.toContain('hidden');
    expect(rendered.title).toBe('web-01 → https://shop.example.com/health: HTTPS port 443');
    expect(rendered.warnings).toEqual(['The source has no agent.']);
    expect(rendered.facts).toContainEqual({ name: 'Shared until', value: '2026-03-08 10:00:00 UTC' });
    expect(rendered.facts).toContainEqual({ name: 'Callback', value: 'https://hooks.example.com, pending' });
    expect(rendered.facts).toContainEqual({ name: 'Asks again', value: id });
  });

  test.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:48Z', '48 s'],
    ['2026-03-01T10:00:00Z', '2026-03-01T11:04:59Z', '1 h 4 min'],
    ['2026-03-01T10:00:10Z', '2026-03-01T10:00:00Z', undefined],
    ['soon', '2026-03-01T10:00:00Z', undefined],
  ])('from %s to %s took %s', (from, to, span) => {
    expect(spanInWords(from, to)).toBe(span);
  });
});

describe('What is foreign', () => {
  const nasty = '\u001b]0;owned\u0007\u009b31m\u2028\u202e';

  it('is shown letter by letter, and no terminal obeys it', () => {
    const result = {
      connectionStatus: 'Reachable',
      hops: [
        { type: 'Source', id: 's', address: `10.0.0.4${nasty}`, nextHopIds: [`d${nasty}`] },
        {
          type: `Odd${nasty}`,
          id: `d${nasty}`,
          address: `10.1.2.4${nasty}`,
          resourceId: `${webVm}${nasty}`,
          nextHopIds: [],
        },
      ],
    };
    const requester = { ...sampleCaller().requester, name: `alice${nasty}` };
    const rendered = renderCheck(succeeded(result, { requester, reason: `because${nasty}` }), origin);
    const escapes = String.raw`\u001b]0;owned\u0007\u009b31m\u2028\u202e`;
    expect(rendered.hops[1]).toMatchObject({ kind: `Odd${escapes}`, resourceId: `${webVm}${escapes}` });
    expect(rendered.hops[0]).toMatchObject({ next: [1] });
    expect(rendered.facts).toContainEqual({ name: 'Asked by', value: `alice${escapes}` });
    expect(rendered.facts).toContainEqual({ name: 'Reason', value: `because${escapes}` });
  });

  it('can be anything: a rendering comes of it, without a character that a terminal obeys', () => {
    const hidden = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
    const foreign = fc.string({ unit: 'binary', maxLength: 20 });
    const hop = fc.record(
      {
        type: foreign,
        id: foreign,
        address: foreign,
        resourceId: foreign,
        nextHopIds: fc.array(foreign, { maxLength: 3 }),
      },
      { requiredKeys: [] },
    );
    const result = fc.oneof(
      fc.anything(),
      fc.record({ connectionStatus: foreign, hops: fc.array(fc.oneof(hop, fc.anything()), { maxLength: 5 }) }),
    );
    fc.assert(
      fc.property(result, foreign, (body, text) => {
        const check = succeeded(body, { reason: text, requester: { ...sampleCaller().requester, name: text } });
        const rendered = renderCheck(check, origin);
        for (const each of textsIn([rendered, renderRow(check, origin)])) expect(each).not.toMatch(hidden);
        expect(rendered.hops.every(({ next }) => next.every((at) => at in rendered.hops))).toBe(true);
      }),
      { numRuns: numRuns(1_000) },
    );
  });

  it('is the same hops as the verdict judges', () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything(), { maxLength: 4 }), (odd, hops) => {
        for (const body of [odd, { hops }, { properties: { hops } }]) {
          const read = connectivityInformationSchema.safeParse(resultIn(body)).data?.hops ?? [];
          expect(readHops(body)).toEqual(
            read.map(({ type, id: hopId, address, resourceId, nextHopIds, links }) => {
              const ways = links.map(({ nextHopId }): unknown => expect.objectContaining({ nextHopId }));
              return { type, id: hopId, address, resourceId, nextHopIds, links: ways };
            }),
          );
        }
      }),
      { numRuns: numRuns(1_000) },
    );
  });
});

describe('A comparison', () => {
  const check = { id, at: '2026-03-02T10:00:00.000Z', reachability: 'Unreachable' } as const;
  const before = { id, at: '2026-03-01T10:00:00.000Z', reachability: 'Reachable' } as const;

  it.each(['previous', { id }])('says no more of what there is not than was asked: %j', (against) => {
    expect(renderComparison({ check, changed: false, changes: [] }, origin, against).sentence).toBe(
      'There is nothing to compare with: no earlier check of the same question came to a result.',
    );
  });

  test.each<[Comparison, string]>([
    [
      { check, changed: false, changes: [] },
      'There is nothing to compare with: no earlier check of the same question found it working.',
    ],
    [
      { check, with: before, changed: false, changes: [] },
      'Nothing has changed since the check of 2026-03-01 10:00:00 UTC.',
    ],
    [
      {
        check,
        with: { at: before.at, error: { code: 'AzureFailed' } },
        changed: true,
        changes: [{ what: 'hop', sentence: 'A hop is gone.' }],
      },
      'One thing has changed since the check of 2026-03-01 10:00:00 UTC.',
    ],
  ])('%#', (comparison, sentence) => {
    const rendered = renderComparison(comparison, origin, 'lastGood');
    expect(rendered.sentence).toBe(sentence);
    expect(rendered.changes).toEqual(comparison.changes.map((change) => change.sentence));
    expect(rendered.check).toEqual({
      at: '2026-03-02 10:00:00 UTC',
      state: 'unreachable',
      link: `${origin}/#/checks/${id}`,
    });
    expect(rendered.with?.state).toBe(comparison.with && (comparison.with.reachability ? 'reachable' : 'failed'));
    expect(rendered.with?.link).toBe(comparison.with?.id && `${origin}/#/checks/${id}`);
  });
});

describe('A flow', () => {
  const flow: FlowHistory = { source: webVm, destination: '10.1.2.4', changes: [], newest: [] };
  const at = '2026-03-01T10:00:00.000Z';
  const newest: FlowHistory['newest'] = [
    { at, reachability: 'Reachable', port: 1433, protocol: 'Tcp', id },
    { at, error: { code: 'CheckCanceled' }, protocol: 'Icmp' },
    { at, error: { code: 'AzureFailed' }, port: 22 },
  ];

  test.each<[Partial<FlowHistory>, string, string]>([
    [{}, 'web-01 → 10.1.2.4', 'Nobody has checked this yet.'],
    [{ newest }, 'web-01 → 10.1.2.4', 'No check that is known here says whether it ever worked.'],
    [
      { newest, port: 22, lastSuccess: { at } },
      'web-01 → 10.1.2.4: port 22',
      'It worked last at 2026-03-01 10:00:00 UTC, and has not failed since.',
    ],
    [
      { newest, protocol: 'Icmp', firstFailure: { at } },
      'web-01 → 10.1.2.4: ping (ICMP)',
      'No check that is known here found it working; the first that failed was at 2026-03-01 10:00:00 UTC.',
    ],
    [
      { newest, destination: 'https://a.example/?key=hidden', lastSuccess: { at }, firstFailure: { at } },
      'web-01 → https://a.example/',
      'It worked last at 2026-03-01 10:00:00 UTC, and failed first after that at 2026-03-01 10:00:00 UTC.',
    ],
  ])('%#', (more, title, sentence) => {
    expect(renderFlow({ ...flow, ...more }, origin)).toMatchObject({ title, sentence });
  });

  it('has its newest checks', () => {
    expect(renderFlow({ ...flow, newest }, origin).newest).toEqual([
      { at: '2026-03-01 10:00:00 UTC', state: 'reachable', link: `${origin}/#/checks/${id}`, way: 'TCP port 1433' },
      { at: '2026-03-01 10:00:00 UTC', state: 'canceled', way: 'ping (ICMP)' },
      { at: '2026-03-01 10:00:00 UTC', state: 'failed', way: 'port 22' },
    ]);
  });
});

describe('A set', () => {
  const none = {
    running: 0,
    reachable: 0,
    unreachable: 0,
    degraded: 0,
    inconclusive: 0,
    failed: 0,
    canceled: 0,
    refused: 0,
  };
  const set = (counts: Partial<SetAnswer['counts']>, more: Partial<SetAnswer> = {}): SetAnswer => ({
    id,
    createdAt: '2026-03-01T10:00:00.000Z',
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    counts: { ...none, ...counts },
    checks: [],
    ...more,
  });

  test.each<[Partial<SetAnswer['counts']>, string, string]>([
    [{ reachable: 2 }, 'reachable', '2 checks: 2 reachable.'],
    [{ reachable: 1, refused: 1 }, 'refused', '2 checks: 1 reachable, 1 refused.'],
    [{ reachable: 1, refused: 1, failed: 1 }, 'failed', '3 checks: 1 reachable, 1 failed, 1 refused.'],
    [{ degraded: 1, failed: 1 }, 'degraded', '2 checks: 1 degraded, 1 failed.'],
    [{ unreachable: 1, running: 1 }, 'running', '2 checks: 1 running, 1 unreachable.'],
    [{}, 'inconclusive', '0 checks.'],
  ])('with %j is %s', (counts, state, sentence) => {
    expect(renderSet(set(counts), origin)).toMatchObject({ state, sentence, hasEnded: !('running' in counts) });
  });

  it('has its members, each with its own state and what changed', () => {
    const rendered = renderSet(
      set(
        { reachable: 1, refused: 1 },
        {
          name: 'shop',
          checks: [
            {
              source: webVm,
              destination: '10.1.2.4',
              port: 1433,
              protocol: 'Tcp',
              id,
              status: 'Succeeded',
              reachability: 'Reachable',
              changed: true,
              sentence: 'It works.',
            },
            { source: 'web-02', destination: 'db\u001b', status: 'Refused', sentence: 'Refused.' },
          ],
        },
      ),
      origin,
    );
    expect(rendered).toMatchObject({ title: 'Set shop of 2026-03-01 10:00:00 UTC', link: `${origin}/#/sets/${id}` });
    expect(rendered.members).toEqual([
      {
        id,
        source: 'web-01',
        destination: '10.1.2.4',
        way: 'TCP port 1433',
        state: 'reachable',
        changed: true,
        sentence: 'It works.',
        link: `${origin}/#/checks/${id}`,
      },
      { source: 'web-02', destination: String.raw`db\u001b`, way: '', state: 'refused', sentence: 'Refused.' },
    ]);
    expect(Object.keys(stateWords)).toEqual(expect.arrayContaining(rendered.members.map(({ state }) => state)));
  });
});

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

describe('how long ago something was', () => {
  const now = new Date('2026-03-03T10:00:00Z');
  it.each([
    ['2026-03-03T09:59:01Z', 'just now'],
    ['2026-03-03T09:59:00Z', '1 min ago'],
    ['2026-03-03T09:00:01Z', '59 min ago'],
    ['2026-03-03T09:00:00Z', '1 h ago'],
    ['2026-03-01T10:00:01Z', '47 h ago'],
    ['2026-03-01T10:00:00Z', '2 days ago'],
    ['2026-03-03T10:00:01Z', undefined],
    ['no time', undefined],
  ])('%s', (time, told) => {
    expect(agoInWords(time, now)).toBe(told);
  });
});
