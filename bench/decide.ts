// How long decide() takes: `node --import tsx bench/decide.ts`.
import type { Caller } from '../src/contract/requester.ts';
import { decide } from '../src/policy/decide.ts';
import { parsePolicy } from '../src/policy/policy.ts';

const vm = (name: string): string =>
  `/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-${name}/providers/Microsoft.Compute/virtualMachines/${name}`;

/** One rule in ten denies; the one that allows the request comes last by id, so that every rule is looked at. */
function policyOf(count: number) {
  const rules = Array.from({ length: count - 1 }, (_, index) => ({
    id: `r${index}`,
    effect: index % 10 === 0 ? 'deny' : 'allow',
    requesters: { groups: [`g${index}`, 'everyone'] },
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
  groups: [...Array.from({ length: 199 }, (_, index) => `other-${index}`), 'everyone'],
  groupsOverage: false,
};
const requests = ['10.251.2.4', 'https://api.contoso.com:8443/health', 'db.contoso.internal'].map((address) => ({
  source: { resourceId: vm('web-01') },
  destination: { address, port: 8443 },
  protocol: 'Tcp' as const,
}));

for (const count of [10, 100, 1000]) {
  const policy = policyOf(count);
  const times: number[] = [];
  for (let run = 0; run < 6000; run += 1) {
    const request = requests[run % requests.length]!;
    const begin = process.hrtime.bigint();
    const { rule } = decide(policy, caller, request);
    const taken = Number(process.hrtime.bigint() - begin) / 1000;
    if (rule !== 'z') throw new Error(`the wrong rule decided: ${rule ?? 'none'}`);
    if (run >= 1000) times.push(taken);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? NaN).toFixed(1);
  console.log(`${count} rules: median ${at(0.5)} µs, p95 ${at(0.95)} µs`);
}
