import type { Caller } from '../src/contract/requester.ts';
import { decide } from '../src/policy/decide.ts';
import { parsePolicy } from '../src/policy/policy.ts';
import { readFlow } from '../src/policy/rule/flow.ts';
import { quantile } from './quantile.ts';

const vm = (name: string): string =>
  `/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-${name}/providers/Microsoft.Compute/virtualMachines/${name}`;

const group = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const everyone = group(1_000_000);

/** One rule in ten denies; the one that allows the request comes last by id, so that every rule is looked at. */
function policyOf(count: number) {
  const rules = Array.from({ length: count - 1 }, (_, index) => ({
    id: `r${index}`,
    effect: index % 10 === 0 ? 'deny' : 'allow',
    requesters: { groups: [group(index), everyone] },
    sources: [vm(`web-${index}*`), vm('web-01')],
    destinations: [`10.${index % 250}.0.0/16`, `*.unit-${index}.contoso.internal`, vm(`sql-${index}`)],
    ports: ['443', '8000-8099'],
  }));
  const parsed = parsePolicy(JSON.stringify({ version: 1, rules: [...rules, { id: 'z', effect: 'allow' }] }));
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
  return parsed.policy;
}

const caller: Caller = {
  requester: { id: 't/o', tenantId: 't', objectId: 'o', name: 'alice', kind: 'user', via: 'http' },
  roles: ['Check.Request'],
  groups: [...Array.from({ length: 199 }, (_, index) => group(2_000_000 + index)), everyone],
  groupsOverage: false,
};
const requests = ['10.251.2.4', 'https://api.contoso.com:8443/health', 'db.contoso.internal'].map((address) => ({
  source: { resourceId: vm('web-01') },
  destination: { address, port: 8443 },
  protocol: 'Tcp' as const,
}));

export interface DecisionTime {
  readonly rules: number;
  /** Microseconds. */
  readonly median: number;
  readonly p95: number;
}

const RUNS = 5000;
const WARM_UP = 1000;

/** How long `decide` takes with so many rules. */
export const decisions = (counts: readonly number[]): DecisionTime[] => counts.map(timeOf);

function timeOf(rules: number): DecisionTime {
  const policy = policyOf(rules);
  const times: number[] = [];
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const request = requests[run % requests.length]!;
    const begun = performance.now();
    const { rule } = decide(policy, caller, readFlow(request));
    const taken = (performance.now() - begun) * 1000;
    if (rule !== 'z') throw new Error(`The wrong rule decided: ${rule ?? 'none'}.`);
    if (run >= WARM_UP) times.push(taken);
  }
  return { rules, median: quantile(times, 0.5), p95: quantile(times, 0.95) };
}
