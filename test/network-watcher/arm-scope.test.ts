import { describe, expect, it } from 'vitest';
import { armScopeOf } from '../../src/network-watcher/arm-scope.ts';

describe('the scope of tokens for Azure Resource Manager', () => {
  it.each([
    ['https://management.azure.com', 'https://management.azure.com/.default'],
    ['https://management.usgovcloudapi.net/', 'https://management.usgovcloudapi.net/.default'],
    ['http://127.0.0.1:8080', 'https://management.azure.com/.default'],
    ['http://[::1]:8080', 'https://management.azure.com/.default'],
  ])('%s is asked for as %s: public Azure, where a stand-in on loopback answers for it', (endpoint, scope) => {
    expect(armScopeOf(new URL(endpoint))).toBe(scope);
  });
});
