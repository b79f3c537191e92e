import { describe, expect, it } from 'vitest';
import { pairOf, scenarioSchema } from '../../../../stand-ins/arm/scenarios/scenario.ts';

const scenario = {
  description: 'a case of my own',
  source: 'web-01',
  destination: 'sql-01',
  port: 1433,
  protocol: 'Tcp',
  finding: {
    connectionStatus: 'Unreachable',
    probesSent: 30,
    probesFailed: 30,
    hops: [
      {
        type: 'VirtualNetwork',
        machine: 'sql-01',
        issues: [{ origin: 'Local', severity: 'Error', type: 'VMStopped' }],
      },
    ],
  },
};

describe('an entry of scenarios.json', () => {
  it('names machines, and becomes a pair with their ids and addresses', () => {
    const pair = pairOf(scenarioSchema.parse(scenario));
    expect(pair.source).toMatch(/\/virtualMachines\/web-01$/);
    expect(pair.destination).toMatch(/\/virtualMachines\/sql-01$/);
    expect(pair.outcome).toMatchObject({
      kind: 'completes',
      finding: { hops: [{ address: '10.1.2.4', resourceId: expect.stringContaining('sql-01-nic') as string }] },
    });
  });

  it('is refused with the member that is wrong, and where it names a resource that is not declared', () => {
    expect(() => scenarioSchema.parse({ ...scenario, potr: 1 })).toThrow('potr');
    expect(() => pairOf(scenarioSchema.parse({ ...scenario, source: 'web-99' }))).toThrow(
      '"web-99", which is no resource',
    );
  });
});
