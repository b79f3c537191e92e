import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/policy/policy.ts';
import { sampleCaller, webVm } from '../../support/samples.ts';
import { memoryApp } from '../memory-app.ts';

const document = {
  version: 1,
  endpoints: { web: { resourceId: webVm }, payroll: { address: '10.9.9.9', port: 443 } },
  rules: [
    {
      id: 'web',
      effect: 'allow',
      sources: ['endpoint:web'],
      destinations: ['10.1.0.0/16'],
      requesters: { roles: ['Check.Request'] },
    },
    { id: 'pay', effect: 'allow', destinations: ['endpoint:payroll'], requesters: { ids: ['t/somebody-else'] } },
    { id: 'fleet', effect: 'allow', destinations: ['10.2.0.0/16'], limits: { active: 100, comment: 'for pipelines' } },
    { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'], reason: 'it is the PCI network.' },
  ],
  limits: { requestsPerMinute: 5, active: 2 },
};

describe('GET /api/me', () => {
  const parsed = parsePolicy(JSON.stringify(document));
  const policy = parsed.ok ? parsed.policy : undefined;

  it('tells who one is, which rules and endpoints apply, and what is left of one’s limits', async () => {
    const app = memoryApp({}, { ...(policy && { policy }) });
    await app.submit();
    const { status, json } = await app.ask('GET /api/me');
    expect(status).toBe(200);
    expect(json).toMatchObject({ requester: sampleCaller().requester, roles: ['Check.Request'] });
    expect(json.policy).toBe(policy?.hash);
    expect(json.rules.map(({ id, limits }) => [id, limits])).toEqual([
      ['no-pci', undefined],
      ['fleet', { active: 100 }],
      ['web', undefined],
    ]);
    expect(json.endpoints).toEqual([{ name: 'web', resourceId: webVm }]);
    expect(json).not.toHaveProperty('paused');
    expect(json.limits).toEqual([
      { name: 'requests', quota: 5, remaining: 4, windowSeconds: 60, resetSeconds: 60 },
      { name: 'active', quota: 2, remaining: 1, resetSeconds: 10 },
    ]);
    expect(JSON.stringify(json)).not.toMatch(/payroll|10\.9\.9\.9|somebody-else|pipelines/);
  });

  it('needs no role, and tells nothing of the policy to whom may not ask for checks', async () => {
    const app = memoryApp({}, { ...(policy && { policy }) });
    const { status, json } = await app.ask('GET /api/me', { user: 'bob', roles: [] });
    expect([status, json.roles, json.requester.name]).toEqual([200, [], 'bob']);
    expect([json.rules, json.endpoints]).toEqual([[], []]);
    const auditor = await app.ask('GET /api/me', { user: 'carol', roles: ['Audit.Read', 'Check.Admin'] });
    expect([auditor.json.rules, auditor.json.endpoints]).toEqual([[], []]);
  });

  it('tells of a pause, with what the operators say of it', async () => {
    const paused = { reason: 'maintenance until 14:00', contact: '#netcheck' };
    expect((await memoryApp({}, { pause: paused }).ask('GET /api/me')).json).toMatchObject({ paused });
    expect((await memoryApp({}, { pause: {} }).ask('GET /api/me')).json).toMatchObject({ paused: {} });
  });
});
