// The network of the sample policy, as examples show it.
const subscription = '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups';
export const webVm = `${subscription}/rg-shop/providers/Microsoft.Compute/virtualMachines/web-01`;
export const watcher = `${subscription}/rg-operations/providers/Microsoft.Network/networkWatchers/eyes-of-the-west`;

export const alice = {
  id: 'c4698a2d-f381-864f-a1e2-73ba3b92b521/cd0ca785-ee50-8d2f-af1b-244587c5c189',
  tenantId: 'c4698a2d-f381-864f-a1e2-73ba3b92b521',
  objectId: 'cd0ca785-ee50-8d2f-af1b-244587c5c189',
  name: 'alice',
  kind: 'user',
  via: 'http',
};
export const samplePolicy = '97a946281cb687059b17b3902eb01e08a198ce08444a32b9ac50266a5c6909ca';
export const allowed = {
  allowed: true,
  rule: 'own-network',
  reason: 'Rule "own-network" allows it.',
  policy: samplePolicy,
  roles: ['Check.Request'],
};

/** A check that succeeds, one that finds a port closed, and the latter asked again. */
export const ids = {
  database: '8f8d3ddf-2a87-4246-b53f-547c46f1a2b1',
  ssh: 'c26f8e3e-f2c1-45ee-b1f1-aac0d223f341',
  sshAgain: '0a3ba755-2e20-42fb-bbca-dcbd37e02491',
};

/** What is asked of the database. */
export const toDatabase = {
  source: { endpoint: 'web-01' },
  destination: { endpoint: 'sql-01' },
  protocol: 'Tcp',
  reason: 'INC-1042',
};
export const resolvedDatabase = {
  source: { resourceId: webVm },
  destination: { address: '10.1.2.4', port: 1433 },
  protocol: 'Tcp',
};

export const problem = (requestId: string, code: string, message: string, details?: readonly object[]) => ({
  error: { code, message, requestId, ...(details && { details }) },
});
