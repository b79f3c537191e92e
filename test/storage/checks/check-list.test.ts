import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Protocol } from '../../../src/arm/connectivity-parameters.ts';
import type { Check, WaitingCheck } from '../../../src/check/state/check.ts';
import { randomIdFor } from '../../../src/check/state/check-id.ts';
import type { CheckFilter, CheckList, Outcome } from '../../../src/check/ports/check-list.ts';
import { viewOf } from '../../../src/check/state/view-of.ts';
import type { CheckView, Status } from '../../../src/contract/check.ts';
import type { ProblemCode } from '../../../src/contract/problem.ts';
import type { WantedDestination } from '../../../src/contract/search/flow-filter.ts';
import { reachabilitySchema } from '../../../src/contract/verdict.ts';
import { connect } from '../../../src/storage/table/connect.ts';
import { tableCheckList } from '../../../src/storage/checks/table-check-list.ts';
import { tableCheckStore } from '../../../src/storage/checks/table-check-store.ts';
import { tableRequesterHistory } from '../../../src/storage/checks/table-requester-history.ts';
import { requesterIdOf } from '../../support/azurite-audit.ts';
import { sampleProofs } from '../../support/sample-proofs.ts';
import { sampleCaller, sampleCheck, sampleTime } from '../../support/samples.ts';
import { numRuns } from '../../support/run/num-runs.ts';

const newest = Date.parse(sampleTime);
const now = () => new Date(newest + 60_000);
const vm = (name: string) =>
  `/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${name}`;

function azurite() {
  const connections = connect({ kind: 'connectionString', connectionString: inject('azurite') }, () => {
    throw new Error('no identity is needed');
  });
  const checks = connections.table(`checks${randomUUID().replaceAll('-', '')}`);
  return {
    checks,
    store: tableCheckStore(checks, randomUUID),
    list: tableCheckList({ checks, now }),
    history: tableRequesterHistory(checks, sampleProofs()),
  };
}

function newCheck(
  user: string,
  ago: number,
  source = vm('a'),
  destination: { address: string; port?: number } = { address: '10.1.2.4', port: 1 },
  more: Partial<WaitingCheck> & { protocol?: Protocol } = {},
) {
  const { protocol, ...rest } = more;
  const caller = sampleCaller(user);
  return sampleCheck({
    id: randomIdFor(caller.requester.id, randomUUID()),
    caller,
    createdAt: new Date(newest - ago).toISOString(),
    request: { source: { resourceId: source }, destination, ...(protocol && { protocol }) },
    ...rest,
  });
}

function ended(check: Check, i: number): Check {
  const { id, caller, request, reason, networkWatcher, decision, origin, createdAt, dueAt } = check;
  const { attempts, retries, boundedRetries, audited } = check;
  const asked = { id, caller, request, reason, networkWatcher, decision, origin, createdAt, dueAt };
  const rest = { ...asked, attempts, retries, boundedRetries, audited };
  const finishedAt = now().toISOString();
  const cause = { code: 'Poisoned', message: 'm', action: 'a', owner: 'requester' } as const;
  if (i % 5 === 0) return { ...rest, status: 'Canceled', finishedAt };
  if (i % 5 === 1) return { ...rest, status: 'Failed', finishedAt, error: { code: 'Poisoned', message: 'm' }, cause };
  const reachability = reachabilitySchema.options[i % 4]!;
  return {
    ...rest,
    status: 'Succeeded',
    startedAt: createdAt,
    finishedAt,
    verdict: { summary: 's', reachability, reasons: [] },
  };
}

async function all(list: CheckList, filter: CheckFilter, top = 200): Promise<CheckView[]> {
  const views: CheckView[] = [];
  let after: string | undefined;
  for (let calls = 0; calls < 300; calls++) {
    const page = await list.page(filter, top, after);
    expect(page.checks.length).toBeLessThanOrEqual(top);
    views.push(...page.checks);
    after = page.next;
    if (after === undefined) return views;
  }
  throw new Error('the pages do not end');
}

const isAny = <T>(wanted: readonly T[] | undefined, value: T | undefined): boolean =>
  wanted === undefined || (value !== undefined && wanted.includes(value));

function outcomeOf({ status, verdict: { reachability } }: CheckView): Outcome | undefined {
  if (reachability === 'Reachable') return 'reachable';
  return status === 'Failed' || reachability !== undefined ? 'notReachable' : undefined;
}

/** Of the destinations here only the URI has no port. */
function holds(view: CheckView, rule: string | undefined, filter: CheckFilter): boolean {
  const { from, to, outcome } = filter;
  const { source, destination, protocol = destination.port === undefined ? 'Https' : undefined } = view.request;
  const port = protocol === 'Icmp' ? undefined : (destination.port ?? 443);
  const isWanted = ({ destination: wanted, port: only }: WantedDestination): boolean =>
    wanted === destination.address && (only === undefined || only === port);
  const sources = filter.sources?.map((id) => id.toLowerCase());
  return [
    from === undefined || view.createdAt >= from.toISOString(),
    to === undefined || view.createdAt < to.toISOString(),
    isAny(filter.requesters, view.requester.id),
    isAny(sources, source.resourceId.toLowerCase()),
    filter.destinations?.some(isWanted) ?? true,
    isAny(filter.ports, port),
    isAny(filter.protocols, protocol),
    isAny(filter.rules, rule),
    isAny(filter.statuses, view.status),
    isAny(filter.reachabilities, view.verdict.reachability),
    isAny(outcome === undefined ? undefined : [outcome], outcomeOf(view)),
    isAny<string>(filter.codes, view.error?.code),
  ].every(Boolean);
}

describe('the list of checks', () => {
  const azure = azurite();
  const views: CheckView[] = [];
  const rules = new Map<string, string | undefined>();
  beforeAll(async () => {
    for (let i = 0; i < 90; i++) {
      const check = newCheck(
        ['alice', 'bob', 'carol', 'dave', 'erin'][i % 5]!,
        Math.floor(i / 2) ** 2 * 3_600_000,
        vm(['a', 'b'][i % 2]!),
        i % 3 === 0 ? { address: '10.1.2.4', port: [1433, 22][i % 2]! } : { address: 'https://x.example/' },
        {
          ...([undefined, { protocol: 'Tcp' }, { protocol: 'Icmp' }] as const)[i % 3 === 0 ? (i % 9) / 3 : 0],
          decision: { ...sampleCheck().decision, rule: ['one', "it's two"][i % 4 < 2 ? 0 : 1]! },
        },
      );
      rules.set(check.id, check.decision.rule);
      await azure.store.insert(check);
      const next = i % 7 === 0 ? check : ended(check, i);
      if (next !== check) await azure.store.replace((await azure.store.find(check.id))!, next);
      views.push(viewOf(next));
      await azure.history.addRefused(check.caller.requester.id, new Date(check.createdAt), randomUUID(), false);
    }
  });

  it('answers every filter and combination with exactly the checks that match, newest first, in pages of any size', async () => {
    const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
    const instants = fc.integer({ min: newest - 90 * 86_400_000, max: newest + 1 }).map((time) => new Date(time));
    const some = <T>(...values: readonly T[]) =>
      maybe(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }));
    const filters = fc.record({
      requesters: some(...['alice', 'bob', 'nobody'].map(requesterIdOf)),
      sources: some(vm('A'), vm('b'), vm('c')),
      destinations: some(
        { destination: '10.1.2.4' },
        { destination: '10.1.2.4', port: 22 },
        { destination: 'https://x.example/' },
        { destination: 'https://x.example/', port: 443 },
      ),
      ports: some(22, 443, 1433, 7),
      protocols: some<Protocol>('Tcp', 'Icmp', 'Https', 'Http'),
      rules: some('one', "it's two", 'none'),
      statuses: some<Status>('NotStarted', 'Succeeded', 'Failed', 'Canceled', 'Running'),
      reachabilities: some(...reachabilitySchema.options),
      outcome: maybe(fc.constantFrom<Outcome>('reachable', 'notReachable')),
      codes: some<ProblemCode>('Poisoned', 'AzureFailed'),
      from: maybe(instants),
      to: maybe(instants),
    });
    // Of each some filters alone, because all together match nothing.
    const few = fc
      .tuple(
        filters,
        fc.subarray(['requesters', 'sources', 'destinations', 'ports', 'protocols', 'rules', 'statuses']),
        fc.boolean(),
      )
      .map(([filter, left, ended]): CheckFilter => {
        const kept = Object.entries(filter).filter(([name]) => !left.includes(name));
        const endings = ['reachabilities', 'outcome', 'codes'];
        return Object.fromEntries(ended ? kept : kept.filter(([name]) => !endings.includes(name)));
      });
    await fc.assert(
      fc.asyncProperty(few, fc.constantFrom(2, 7, 50), async (filter, top) => {
        const found = await all(azure.list, filter, top);
        const wanted = views.filter((view) => holds(view, rules.get(view.id), filter));
        expect(found.map(({ createdAt }) => createdAt)).toEqual(wanted.map(({ createdAt }) => createdAt));
        expect(found.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort());
        for (const view of found) expect(view).toEqual(views.find(({ id }) => id === view.id));
      }),
      { numRuns: numRuns(60) },
    );
  });

  it('keeps one pointer of each kind a check, whatever statuses it went through', async () => {
    const own = azurite();
    const check = newCheck('alice', 0);
    await own.store.insert(check);
    const running = { ...check, status: 'Running' as const, startedAt: sampleTime, operationUrl: 'u' };
    const first = await own.store.replace((await own.store.find(check.id))!, running);
    const second = await own.store.replace(first!, { ...running, retries: 1 });
    await own.store.replace(second!, ended(check, 2));
    const keys: string[] = [];
    for await (const { rowKey } of own.checks.listEntities()) keys.push(rowKey!.slice(0, rowKey!.indexOf('!')));
    const kinds = keys.filter((key) => !key.startsWith('flow')).sort();
    expect(kinds).toEqual(['all', 'by', 'check', 'dst', 're', 'ru', 'src', 'st']);
    expect((await all(own.list, { statuses: ['Running'] })).length).toBe(0);
    expect(
      (await all(own.list, { statuses: ['Succeeded'], reachabilities: ['Degraded'] })).map(({ id }) => id),
    ).toEqual([check.id]);
  });

  it('shows a check as soon as it is accepted, and skips and repeats nobody while new ones arrive', async () => {
    const own = azurite();
    const before = Array.from({ length: 20 }, (_, i) => newCheck(['alice', 'bob'][i % 2]!, 1_000_000 + i * 1000));
    for (const check of before) await own.store.insert(check);
    const seen: string[] = [];
    let after: string | undefined;
    for (let i = 0; ; i++) {
      const page = await own.list.page({}, 3, after);
      seen.push(...page.checks.map(({ id }) => id));
      after = page.next;
      if (after === undefined) break;
      const fresh = newCheck('alice', 500_000 - i * 1000);
      await own.store.insert(fresh);
      expect((await own.list.page({ requesters: [requesterIdOf('alice')] }, 1)).checks[0]?.id).toBe(fresh.id);
    }
    expect(seen).toEqual(before.map(({ id }) => id));
  });

  it('blanks the values of probe headers', async () => {
    const own = azurite();
    const headers = [{ name: 'X-Probe', value: 'canary' }];
    const check = newCheck('alice', 0);
    const request = { ...check.request, protocolConfiguration: { HTTPConfiguration: { headers } } };
    await own.store.insert({ ...check, request });
    const [view] = await all(own.list, {});
    expect(view?.request.protocolConfiguration?.HTTPConfiguration?.headers).toEqual([{ name: 'X-Probe', value: '' }]);
    for await (const { rowKey, view: kept } of own.checks.listEntities<{ view?: string }>())
      if (!rowKey!.startsWith('check!')) expect(String(kept)).not.toContain('canary');
  });
});
