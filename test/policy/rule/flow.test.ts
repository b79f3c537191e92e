import { syncBuiltinESMExports } from 'node:module';
import url from 'node:url';
import { describe, expect, it } from 'vitest';
import { readFlow } from '../../../src/policy/rule/flow.ts';
import { toHistoryRow } from '../../../src/storage/checks/history-row.ts';
import { memoryApp, sampleBody } from '../../http/memory-app.ts';
import { policyOf } from '../../support/memory/memory-proxy.ts';
import { vm } from '../asking.ts';

/** How often an address is read meanwhile: every reading goes through `domainToASCII`. */
async function addressesRead(work: () => unknown): Promise<number> {
  const { domainToASCII } = url;
  let count = 0;
  url.domainToASCII = (text) => {
    count += 1;
    return domainToASCII(text);
  };
  syncBuiltinESMExports();
  try {
    await work();
    return count;
  } finally {
    url.domainToASCII = domainToASCII;
    syncBuiltinESMExports();
  }
}

const limits = { requestsPerMinute: 9, active: 9, portsPerHour: 9 };
const policy = policyOf([{ id: 'all', effect: 'allow', destinations: ['10.0.0.0/8', '*.example.com'] }], limits);

describe('a destination is read', () => {
  it.each(['10.1.2.4', 'db.example.com', 'https://db.example.com:8443/health'])(
    'once for a submit of %s, once for its place in the history, and once for each decision of the worker',
    async (address) => {
      const app = memoryApp({}, { policy });
      const body = { ...sampleBody, protocol: undefined, destination: { address, port: undefined } };
      if (!address.startsWith('https')) Object.assign(body.destination, { port: 1433 });
      expect(await addressesRead(() => app.submit({ body }))).toBe(1);
      const [check] = app.store.rows();
      expect(await addressesRead(() => check && toHistoryRow(check))).toBe(1);
      // Before the POST, and again for the hops of the result.
      expect(await addressesRead(() => app.work())).toBe(2);
    },
  );
});

describe('a flow', () => {
  it('has no target where a side of it cannot be read, so that no rule allows it', () => {
    const source = { resourceId: vm('web-01') };
    expect(readFlow({ source, destination: { address: 'no host' } }).targets).toEqual([]);
    expect(readFlow({ source, destination: { resourceId: '/x', address: '10.0.0.1' } }).targets).toEqual([]);
    expect(readFlow({ source: { resourceId: '/x' }, destination: { address: '10.0.0.1' } }).targets).toEqual([]);
    expect(readFlow({ source, destination: { address: '10.0.0.1', port: 0 } }).targets).toHaveLength(1);
  });
});
