import type { Examples } from '../example.ts';
import { databaseResultBetween } from './checks.ts';
import { webVm } from './shop.ts';

/** Examples of Azure Resource Manager's own routes, by operation. */
export const armExamples = {
  beginConnectivityCheck: {
    atOnce: {
      summary: 'For a client that never polls: the answer is held until there is a result',
      path: {
        subscription: '00000000-0000-4000-8000-00000000000a',
        resourceGroup: 'rg-operations',
        watcher: 'eyes-of-the-west',
      },
      headers: { Prefer: 'wait=60' },
      body: { source: { resourceId: webVm }, destination: { address: '10.1.2.4', port: 1433 }, protocol: 'Tcp' },
      status: 200,
      answer: databaseResultBetween('c079da58-dc1a-8198-afad-3adbc04e32f0', '38417225-7390-8ebe-a6cc-42b7ecb4bf8f'),
    },
  },
} as const satisfies Readonly<Record<string, Examples>>;
