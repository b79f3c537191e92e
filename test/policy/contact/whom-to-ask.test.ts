import { describe, expect, it } from 'vitest';
import { callerOf, decide, decideHops, policyOf, requestOf } from '../asking.ts';

const pci = { targets: ['10.99.0.0/16'], contact: '#network-security.' };
const policy = policyOf(
  [
    { id: 'shop', effect: 'allow', destinations: ['10.1.0.0/16'], protocols: ['Tcp'] },
    { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'] },
    { id: 'no-mail', effect: 'deny', destinations: ['10.1.9.0/24'], ports: [25] },
  ],
  {
    contacts: [
      pci,
      { owners: ['network team'], contact: '#net' },
      { owners: ['proxy operator'], contact: '#netcheck' },
    ],
  },
);

describe('a refusal', () => {
  it.each([
    ['that a rule makes', '10.99.0.4', / Contact: #network-security\.$/],
    ['that no rule allows', '10.5.0.4', / Contact: #netcheck\.$/],
    ['that another protocol would not meet', '10.1.0.4', /ask the proxy's operators\. Contact: #netcheck\.$/],
    ['of what nobody can allow names nobody', '127.0.0.1', /name the real destination\.$/],
  ])('%s', (_, address, end) => {
    const { allowed, reason } = decide(policy, callerOf(), requestOf(address, { protocol: 'Https' }));
    expect(allowed).toBe(false);
    expect(reason).toMatch(end);
  });

  it('of what a path shows names whom to ask about what was asked for, and not about what is hidden', () => {
    const { reason } = decideHops(policy, callerOf(), requestOf('10.1.0.4'), ['10.1.0.1', '10.99.0.4']) ?? {};
    expect(reason).toMatch(/^The result is withheld .* Contact: #netcheck\.$/);
  });

  it('says nothing more where the policy names nobody', () => {
    const silent = policyOf([{ id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'] }]);
    expect(decide(silent, callerOf(), requestOf('10.99.0.4')).reason).toBe(
      'Rule "no-pci" denies it: ask the proxy\'s operators, and name the rule.',
    );
  });
});
