import { expect, test } from 'vitest';
import { requireRole } from '../../src/policy/require-role.ts';
import { Problem } from '../../src/contract/problem.ts';
import type { Caller } from '../../src/contract/requester.ts';

function callerWith(...roles: string[]): Caller {
  const requester = { id: 't/o', tenantId: 't', objectId: 'o', name: 'alice', kind: 'user', via: 'http' } as const;
  return { requester, roles, groups: [], groupsOverage: false };
}

test('a role that the token carries is enough', () => {
  expect(() => {
    requireRole(callerWith('Other', 'Audit.Read'), 'Audit.Read');
  }).not.toThrow();
});

test.each([[], ['Check.Request'], ['audit.read'], ['Audit.Read ']])(
  'roles %j do not stand for Audit.Read, and the refusal says who can assign it',
  (...roles) => {
    expect(() => {
      requireRole(callerWith(...roles), 'Audit.Read');
    }).toThrow(
      new Problem(
        'MissingRole',
        'This needs the app role Audit.Read in the access token for this service: ask an administrator of the app registration to assign it to you, then get a new token.',
      ),
    );
  },
);
