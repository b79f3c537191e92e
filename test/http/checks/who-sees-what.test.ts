import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { done, policyOf } from '../../support/memory/memory-proxy.ts';
import { comparisonSchema, flowSchema } from '../../../src/contract/answer/comparison.ts';
import { objectIdOf } from '../../support/object-id-of.ts';
import { setViewSchema } from '../../../src/contract/answer/set.ts';
import { webVm } from '../../support/samples.ts';
import { azuriteApp } from '../azurite-app.ts';
import { sampleBody } from '../memory-app.ts';

const page = readFileSync(new URL('../../../docs/who-sees-what.md', import.meta.url), 'utf8');

/** The rows of the table under a heading, as objects by the names of the columns. */
function tableUnder(heading: string): Record<string, string>[] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const [names = [], , ...rows] = lines.map((line): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [names[i] ?? '', cell])));
}

const expected = tableUnder('Who gets what');
const calls = Object.keys(expected[0] ?? {}).slice(1);
const cases = expected.flatMap((row) => calls.map((call) => [row['reader'] ?? '', call, row[call] ?? ''] as const));

const groupOf = (number: number): string => `00000000-0000-4000-8000-0000000000${String(number).padStart(2, '0')}`;
const [shop, ops, noHop, noFlow, team] = [1, 2, 3, 4, 5].map(groupOf);

interface Reader {
  readonly user: string;
  readonly roles?: readonly string[];
  readonly groups?: readonly (string | undefined)[];
  readonly asks?: boolean;
}

const readers: Readonly<Record<string, Reader>> = {
  requester: { user: 'alice', groups: [shop] },
  'same rule': { user: 'bob', groups: [shop] },
  'other rule': { user: 'olga', groups: [ops] },
  'denied a hop': { user: 'heidi', groups: [shop, noHop] },
  'denied the flow': { user: 'dora', groups: [shop, noFlow] },
  'no rule': { user: 'nora' },
  stranger: { user: 'sam', asks: false },
  'shared with': { user: 'sue' },
  'shared, denied a hop': { user: 'silke', groups: [noHop] },
  'shared, denied the flow': { user: 'sven', groups: [noFlow] },
  visibleTo: { user: 'vera', groups: [team] },
  'visibleTo, denied a hop': { user: 'viktor', groups: [team, noHop] },
  'no role': { user: 'rob', roles: [], groups: [shop, team], asks: false },
  auditor: { user: 'carol', roles: ['Audit.Read'], asks: false },
  administrator: { user: 'adele', roles: ['Check.Admin'], asks: false },
};
const sharedWith = ['sue', 'silke', 'sven'].map(objectIdOf);

const strict = policyOf([
  { id: 'shop', effect: 'allow', requesters: { groups: [shop] }, visibleTo: [team] },
  { id: 'ops', effect: 'allow', requesters: { groups: [ops] } },
  { id: 'no-hop', effect: 'deny', requesters: { groups: [noHop] }, destinations: ['10.9.0.0/16'] },
  { id: 'no-flow', effect: 'deny', requesters: { groups: [noFlow] }, destinations: ['10.1.0.0/16'] },
]);

const hops = [
  { type: 'Source', id: '1', address: '10.1.1.4', nextHopIds: ['2'] },
  { type: 'VirtualAppliance', id: '2', address: '10.9.1.4', nextHopIds: ['3'] },
  { type: 'VirtualNetwork', id: '3', address: '10.1.2.4', nextHopIds: [] },
];
const reachable = {
  ...done,
  body: JSON.stringify({ hops, connectionStatus: 'Reachable', probesSent: 10, probesFailed: 0 }),
};
const unreachable = {
  ...done,
  body: JSON.stringify({ hops: [], connectionStatus: 'Unreachable', probesSent: 10, probesFailed: 10 }),
};

describe('who sees what', () => {
  const app = azuriteApp({ begin: [unreachable] });
  const strictApp = app.under(strict, { begin: [reachable] });
  /** The set that asked for the check, and another one of hers. */
  let [set, aside] = ['', ''];
  let alices: string;
  let aliceAt: string;
  const owns = new Map<string, string>();

  const askerOf = (name: string) => {
    const { user = '', roles, groups = [] } = readers[name] ?? {};
    return { user, ...(roles && { roles }), groups: groups.filter((group) => group !== undefined) };
  };

  beforeAll(async () => {
    // Under the rule that the team may read.
    const ask = async (check: object) => {
      const { json } = await strictApp.ask('POST /api/sets', { ...askerOf('requester'), body: { checks: [check] } });
      return setViewSchema.omit({ checks: true }).loose().parse(json).id;
    };
    aside = await ask({ ...sampleBody, destination: { address: '10.1.7.7', port: 443 } });
    set = await ask(sampleBody);
    const asked = await strictApp.ask(`GET /api/sets/${set}`, askerOf('requester'));
    alices = setViewSchema.parse(asked.json).checks[0]?.id ?? '';
    await strictApp.drain();
    app.advance(60);
    const to = { to: sharedWith };
    const shared = await strictApp.ask(`POST /api/checks/${alices}/share`, { ...askerOf('requester'), body: to });
    expect(shared.json).toMatchObject({ sharedWith: { to: sharedWith, until: '2026-03-08T10:01:00.000Z' } });
    aliceAt = shared.json.finishedAt;
    for (const [name, { asks }] of Object.entries(readers)) {
      if (asks === false) continue;
      // When everybody was allowed everything. A caller without a role cannot ask.
      const own = await app.submit(askerOf(name));
      owns.set(name, own.json.id);
      app.advance(60);
      await app.drain();
    }
  }, 60_000);

  const has = (text: string): boolean => text.includes(alices);
  const flow = `source=${encodeURIComponent(webVm)}&destination=10.1.2.4`;

  async function flowCell(name: string, query: string): Promise<string> {
    const { status, text } = await strictApp.ask(`GET /api/flows?${query}`, askerOf(name));
    if (status !== 200) return String(status);
    const { newest, lastSuccess } = flowSchema.parse(JSON.parse(text));
    const entry = newest.find(({ at }) => at === aliceAt);
    expect(lastSuccess?.at).toBe(entry?.at);
    expect(has(text)).toBe(entry?.id !== undefined);
    expect(text).not.toMatch(/requester|alice|INC-1042/);
    return entry === undefined ? 'no' : entry.id === undefined ? 'told' : 'id';
  }

  async function plainCell(name: string, call: string): Promise<string> {
    const { status, text } = await strictApp.ask(call, askerOf(name));
    if (status !== 200) return String(status);
    const isWhole = /checks\/[^/]+$/.test(call) && ['requester', 'auditor'].includes(name);
    expect([/"sharedWith"/.test(text), text.includes(set)]).toEqual([isWhole, isWhole]);
    return 'yes';
  }

  async function setCell(name: string, call: string): Promise<string> {
    const { status, text } = await strictApp.ask(call, askerOf(name));
    if (status >= 300) return String(status);
    return text.includes(set) || text.includes(aside) ? 'yes' : 'no';
  }

  const cells: Readonly<Record<string, (name: string) => Promise<string>>> = {
    check: (name) => plainCell(name, `GET /api/checks/${alices}`),
    result: (name) => plainCell(name, `GET /api/checks/${alices}/result`),
    'its comparison': (name) => plainCell(name, `GET /api/checks/${alices}/comparison`),
    'comparison of own with it': async (name) => {
      const own = owns.get(name);
      if (own === undefined) return '–';
      const { status, text } = await strictApp.ask(`GET /api/checks/${own}/comparison`, askerOf(name));
      expect(status).toBe(200);
      const comparison = comparisonSchema.parse(JSON.parse(text));
      if (!comparison.with) {
        expect(comparison).toMatchObject({ changed: false, changes: [] });
        return 'nothing';
      }
      expect(comparison.with).toMatchObject({ at: aliceAt, reachability: 'Reachable' });
      expect(text).not.toMatch(/requester|alice/);
      return comparison.with.id === undefined ? 'told' : 'id';
    },
    'flow with port': (name) => flowCell(name, `${flow}&port=1433&protocol=Tcp`),
    'flow without port': (name) => flowCell(name, flow),
    list: async (name) => {
      const { status, text } = await strictApp.ask('GET /api/checks', askerOf(name));
      return status === 200 ? (has(text) ? 'yes' : 'no') : String(status);
    },
    'visible list': async (name) => {
      const { status, text } = await strictApp.ask('GET /api/checks?scope=visible', askerOf(name));
      if (has(text)) expect(text).not.toMatch(/sharedWith|setId/);
      return status === 200 ? (has(text) ? 'yes' : 'no') : String(status);
    },
    'dry run': async (name) => {
      const { status, json } = await strictApp.ask('POST /api/checks?dryRun=true', {
        ...askerOf(name),
        body: sampleBody,
      });
      return status === 200 ? (json.decision.allowed ? 'allowed' : 'refused') : String(status);
    },
    'its set': (name) => setCell(name, `GET /api/sets/${set}`),
    'set asked again': (name) => setCell(name, `POST /api/sets/${aside}/rerun`),
    'set canceled': (name) => setCell(name, `DELETE /api/sets/${set}`),
    'list of sets': (name) => setCell(name, 'GET /api/sets'),
  };

  it('has a row for every reader', () => {
    expect(expected.map((row) => row['reader'])).toEqual(Object.keys(readers));
    expect(calls).toEqual(Object.keys(cells));
  });

  it.each(cases)('%s, %s: %s', async (name, call, cell) => {
    expect(await cells[call]?.(name)).toBe(cell);
  });

  it('audits each reader of the check once in an hour, and nobody else', async () => {
    const readings = await app.readings(alices);
    // By the check itself and its result, or by a comparison of their own with it.
    const seen = expected
      .filter((row) => row['check'] === 'yes' || ['id', 'told'].includes(row['comparison of own with it'] ?? ''))
      .map((row) => readers[row['reader'] ?? '']?.user)
      .filter((user) => user !== 'alice');
    expect(readings.sort()).toEqual(seen.sort());
    app.advance(3600);
    await strictApp.ask(`GET /api/checks/${alices}`, askerOf('shared with'));
    expect((await app.readings(alices)).filter((user) => user === 'sue')).toHaveLength(2);
  });
});
