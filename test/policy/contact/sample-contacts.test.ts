import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connectivityBody } from '../../../stand-ins/arm/scenarios/connectivity-body.ts';
import { world } from '../../../stand-ins/arm/scenarios/world.ts';
import type { CheckView } from '../../../src/contract/check.ts';
import { ownerSchema, type Reason } from '../../../src/contract/verdict.ts';
import { viewOf } from '../../../src/check/state/view-of.ts';
import { failureAdvice } from '../../../src/check/state/failure-advice.ts';
import { contactFor } from '../../../src/policy/contact/contact-for.ts';
import { withContacts } from '../../../src/policy/contact/with-contacts.ts';
import { parsePolicy } from '../../../src/policy/policy.ts';
import { statusMeanings } from '../../../src/verdict/status-reasons.ts';
import { verdictOf } from '../../../src/verdict/verdict.ts';
import { sampleCheck } from '../../support/samples.ts';

const text = readFileSync(new URL('../../../policy.sample.json', import.meta.url), 'utf8');
const parsed = parsePolicy(text);
if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
const { policy } = parsed;

const view = viewOf(sampleCheck());
const told = (request: CheckView['request'], reasons: readonly Reason[]) =>
  withContacts(policy, { ...view, request, verdict: { ...view.verdict, reasons: [...reasons] } }).verdict.reasons;

describe('the contacts of the sample policy', () => {
  it('are there for every owner', () => {
    const without = ownerSchema.options.filter((owner) => contactFor(policy, { owner }) === undefined);
    expect(without).toEqual([]);
  });

  it.each(world.pairs)('are in every reason of the verdict on $description', (pair) => {
    const source = world.resources.find(({ id }) => id === pair.source);
    if (!source) throw new Error('The pair has no source.');
    const place = pair.destination.startsWith('/') ? { resourceId: pair.destination } : { address: pair.destination };
    const request = {
      source: { resourceId: pair.source },
      destination: { ...place, ...(pair.port !== undefined && { port: pair.port }) },
      protocol: pair.protocol,
    };
    const causes = Object.entries(failureAdvice).map(([code, advice]) => ({ code, message: 'It failed.', ...advice }));
    const reasons =
      pair.outcome.kind === 'completes'
        ? verdictOf(connectivityBody('op', source, pair.outcome.finding), request).reasons
        : causes;
    for (const reason of told(request, reasons)) expect(reason).toMatchObject({ contact: expect.any(String) });
  });

  it('are of the place that a reason is about', () => {
    const [web, pay] = ['web-01', 'pay-01'].map((name) => world.resources.find(({ id }) => id.endsWith(`/${name}`)));
    if (!web || !pay) throw new Error('The world is another one.');
    const request = { source: { resourceId: pay.id }, destination: { address: '10.1.2.4', port: 1433 } };
    const contacts = told(request, [
      statusMeanings.noProbes,
      statusMeanings.allFailed,
      { ...statusMeanings.allFailed, hop: web.id.replace('rg-shop', 'rg-other'), address: '10.3.1.4' },
      { ...statusMeanings.allFailed, hop: '10.3.9.9' },
    ]).map(({ contact }) => contact);
    expect(contacts).toEqual(['#payments-oncall', '#shop-oncall', '#payments-oncall', '#payments-oncall']);
  });
});
