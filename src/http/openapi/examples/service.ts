import type { Examples } from '../example.ts';
import { alice, samplePolicy, webVm } from './shop.ts';

const subscription = '/subscriptions/00000000-0000-4000-8000-00000000000';
const own = [`${subscription}a/**`, `${subscription}b/resourceGroups/rg-pay*/**`];

/** Examples of the calls about the caller and the app, by operation. */
export const serviceExamples = {
  listSources: {
    byName: {
      summary: 'By a part of a name',
      query: { search: 'web-01' },
      status: 200,
      answer: {
        value: [
          {
            ...{ name: 'web-01', kind: 'virtualMachine', resourceId: webVm, resourceGroup: 'rg-shop' },
            ...{ subscription: '00000000-0000-4000-8000-00000000000a', region: 'westeurope' },
            ...{ state: 'running', agent: 'present', watcher: 'present', addresses: ['10.1.1.4'] },
          },
        ],
      },
    },
  },
  getMe: {
    alice: {
      summary: 'A requester under the sample policy',
      status: 200,
      answer: {
        requester: alice,
        roles: ['Check.Request'],
        policy: samplePolicy,
        rules: [
          {
            ...{ id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16', 'pci.example.com', '*.pci.example.com'] },
            reason: 'it is the PCI network: ask network-security.',
          },
          {
            ...{ id: 'own-network', effect: 'allow', sources: own },
            destinations: [
              ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.51.100.0/24', '203.0.113.0/24'],
              ...['*.example.com', ...own],
            ],
          },
          {
            ...{ id: 'web-to-database', effect: 'allow', sources: ['endpoint:web-01'] },
            ...{ destinations: ['endpoint:sql-01'], ports: ['1433'], protocols: ['Tcp'] },
          },
        ],
        endpoints: [
          { name: 'web-01', resourceId: webVm },
          { name: 'sql-01', address: '10.1.2.4', port: 1433 },
          { name: 'shop', address: 'shop.example.com', port: 443 },
        ],
        sets: [],
        limits: [
          { name: 'requests', quota: 20, remaining: 16, windowSeconds: 60, resetSeconds: 55 },
          { name: 'active', quota: 10, remaining: 10, resetSeconds: 10 },
        ],
      },
    },
  },
  getHealth: { up: { summary: 'It runs', status: 200, answer: { status: 'ok' } } },
  getReadiness: {
    ready: {
      summary: 'Every part answers',
      status: 200,
      answer: { status: 'ok', parts: { storage: 'ok', audit: 'ok', queue: 'ok', identity: 'ok', worker: 'ok' } },
    },
  },
  getApiCatalog: {
    catalog: {
      summary: 'The API and its description',
      status: 200,
      type: 'application/linkset+json',
      answer: {
        linkset: [
          {
            anchor: 'https://netcheck.contoso.com/api',
            'service-desc': [{ href: 'https://netcheck.contoso.com/api/openapi.json', type: 'application/json' }],
            status: [{ href: 'https://netcheck.contoso.com/api/health', type: 'application/json' }],
          },
        ],
      },
    },
  },
} as const satisfies Readonly<Record<string, Examples>>;
