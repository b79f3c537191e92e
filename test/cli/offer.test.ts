import { describe, expect, test } from 'vitest';
import { judgeOffer } from '../../src/cli/sign-in/offer.ts';

const origin = 'https://proxy.example.com';
const local = 'http://127.0.0.1:7071';
const entra = 'https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0';
const known = { 'https://other.example.com': { authority: entra, scope: 'api://other/user_impersonation' } };

/** What is wrong with it; nothing where a person may be asked. */
function judged(at: string, authority: string, scope: string): string {
  try {
    judgeOffer({ authority, scope }, at, known);
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('A person may be asked to trust', () => {
  test.each([
    [origin, entra, 'api://22222222-2222-4222-8222-222222222222/user_impersonation'],
    [origin, entra, 'api://netcheck/.default'],
    [origin, entra, 'https://proxy.example.com/user_impersonation'],
    [origin, entra, 'https://PROXY.example.com/mcp/user_impersonation'],
    ['https://netcheck.westeurope.cloudapp.azure.com', entra, 'https://netcheck.westeurope.cloudapp.azure.com/a'],
    [local, 'http://127.0.0.1:40001/tenant/v2.0', 'api://local/user_impersonation'],
    ['http://localhost:7071', 'http://[::1]:40001/tenant/v2.0', 'api://local/user_impersonation'],
  ])('%s with %s and %s', (at, authority, scope) => {
    expect(judged(at, authority, scope)).toBe('');
  });
});

describe('Nobody is asked to trust', () => {
  test.each([
    ['an authority over http', origin, 'http://login.example.com/t', 'api://own/a', 'is not https'],
    ['one on loopback beside a proxy elsewhere', origin, 'http://127.0.0.1:1/t', 'api://own/a', 'is not https'],
    [
      'one over http elsewhere beside a proxy on loopback',
      local,
      'http://login.example.com/t',
      'api://own/a',
      'is not https',
    ],
    ['one with a name like loopback', local, 'http://127.0.0.1.example.com/t', 'api://own/a', 'is not https'],
    [
      'one with a user name',
      origin,
      'https://login.microsoftonline.com@evil.example/t',
      'api://own/a',
      'more than an address',
    ],
    ['one with a query', origin, 'https://login.example.com/t?x=', 'api://own/a', 'more than an address'],
    ['no URL', origin, 'login', 'api://own/a', 'is no URL'],
    ['Azure Resource Manager', origin, entra, 'https://management.azure.com/.default', 'Microsoft'],
    ['its older name', origin, entra, 'https://management.core.windows.net/user_impersonation', 'Microsoft'],
    ['another cloud’s', origin, entra, 'https://management.usgovcloudapi.net/.default', 'Microsoft'],
    ['China’s', origin, entra, 'https://management.chinacloudapi.cn/.default', 'Microsoft'],
    [
      'itself, where it says to be Azure Resource Manager',
      'https://management.azure.com',
      entra,
      'https://management.azure.com/.default',
      'Microsoft',
    ],
    ['Microsoft Graph', origin, entra, 'https://graph.microsoft.com/.default', 'Microsoft'],
    ['Microsoft Graph by its id', origin, entra, 'api://00000003-0000-0000-c000-000000000000/.default', 'Microsoft'],
    ['Azure Resource Manager by its id', origin, entra, 'api://797f4846-ba00-4fd7-ba43-dac1f8f63013/a', 'Microsoft'],
    ['vaults', origin, entra, 'https://vault.azure.net/.default', 'Microsoft'],
    ['another server', origin, entra, 'https://victim.example.com/a', 'another server'],
    ['a server whose name only ends so', origin, entra, 'https://evilproxy.example.com/a', 'another server'],
    ['another proxy’s scope', origin, entra, 'api://other/user_impersonation', 'belongs to https://other.example.com'],
    ['the same in capitals', origin, entra, 'api://OTHER/.default', 'belongs to https://other.example.com'],
    ['two scopes', origin, entra, 'api://own/a api://own/b', 'is not one scope'],
    ['a scope of no resource', origin, entra, 'User.Read', 'is not one scope'],
    ['a bare id', origin, entra, '00000003-0000-0000-c000-000000000000/.default', 'is not one scope'],
    ['a scope with an empty part', origin, entra, 'api://other//user_impersonation', 'is not one scope'],
    ['a scope with an escape', origin, entra, 'api://%6fther/user_impersonation', 'is not one scope'],
    ['a scope with a line feed', origin, entra, 'api://own/a\n', 'is not one scope'],
  ])('%s', (_what, at, authority, scope, why) => {
    expect(judged(at, authority, scope)).toContain(why);
  });
});
