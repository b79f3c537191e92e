import { z } from 'zod';
import { connectivityInformationSchema } from '../../arm/connectivity-information.ts';
import { checkRequestSchema } from '../../contract/request/check-request.ts';
import type { ProblemCode } from '../../contract/problem.ts';
import type { Operation } from '../operation.ts';
import { armErrorSchema, armProblemForm } from './arm-problem.ts';

/** Clients of ARM send its api-version, any, and members of their own. */
const anyQuery = z.looseObject({
  'api-version': z.unknown().optional().describe('Any, as that of the client; nothing depends on it.'),
});

const group = 'subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers';

const json = (description: string, schema: z.ZodType) => ({ description, content: { 'application/json': schema } });

const result = json('What Azure answered, as it came.', connectivityInformationSchema);
const running = {
  ...json('It runs: the same address, or that in Location, tells its end.', z.null()),
  headers: { Location: 'always', 'Retry-After': 'always' },
} as const;
const refused = json('Why there is no result, by Azure itself or by the proxy.', armErrorSchema);
const noSuchThing = json('There is no such thing, or the caller may not test from it.', armErrorSchema);

/** With which a check can end instead of with a result. */
const failures = [
  ...(['InvalidRequest', 'PolicyRefused', 'NotFound', 'CheckCanceled'] as const),
  ...(['AzureFailed', 'AzureRefused', 'DeadlineExceeded', 'NotAsAccepted', 'Poisoned', 'ResultTooLarge'] as const),
] as const satisfies readonly ProblemCode[];

const resource = z.strictObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  location: z.string(),
  properties: z.looseObject({}),
});
const subscription = z.strictObject({
  id: z.string(),
  subscriptionId: z.string(),
  tenantId: z.string(),
  displayName: z.string(),
  state: z.literal('Enabled'),
  authorizationSource: z.string(),
  subscriptionPolicies: z.looseObject({}),
});
const tenant = z.strictObject({
  id: z.string(),
  tenantId: z.string(),
  displayName: z.string(),
  tenantCategory: z.literal('Home'),
});
const listOf = (item: z.ZodType) => z.strictObject({ value: z.array(item) });

const authentication = z.looseObject({ loginEndpoint: z.string(), audiences: z.array(z.string()) });
const metadata = z.union([
  z.looseObject({ galleryEndpoint: z.string(), graphEndpoint: z.string(), portalEndpoint: z.string(), authentication }),
  z.array(
    z.looseObject({ name: z.string(), resourceManager: z.string(), authentication, suffixes: z.looseObject({}) }),
  ),
]);

const lookUp = {
  method: 'GET',
  roles: ['Check.Request'],
  query: anyQuery,
  problemForm: armProblemForm,
} as const;

/** Routes of Azure Resource Manager itself, so that its own clients work against the proxy. docs/clients.md */
export const armOperations = {
  beginConnectivityCheck: {
    method: 'POST',
    path: `${group}/Microsoft.Network/networkWatchers/{watcher}/connectivityCheck`,
    summary: "Asks for a connectivity check, as Azure Resource Manager's clients do",
    roles: ['Check.Request'],
    query: anyQuery,
    // The path has the network watcher.
    body: checkRequestSchema.omit({ networkWatcher: true }),
    answers: { 200: result, 202: running, '4XX': refused },
    problems: [
      ...failures,
      ...(['PayloadTooLarge', 'UnsupportedMediaType', 'IdempotencyKeyReused', 'TooManyRequests', 'Paused'] as const),
    ],
    problemForm: armProblemForm,
  },
  getOperationResult: {
    method: 'GET',
    path: 'subscriptions/{subscription}/providers/Microsoft.Network/locations/{location}/operationResults/{id}',
    summary: 'Tells what a check has come to, as Azure Resource Manager tells of an operation',
    roles: ['Check.Request', 'Audit.Read'],
    query: anyQuery,
    answers: { 200: result, 202: running, '4XX': refused },
    problems: failures,
    problemForm: armProblemForm,
  },
  getVirtualMachine: {
    ...lookUp,
    path: `${group}/Microsoft.Compute/virtualMachines/{machine}`,
    summary: 'Tells where a virtual machine is that one may test from',
    answers: { 200: json('The machine.', resource), 404: noSuchThing },
    problems: ['AzureFailed', 'Paused'],
  },
  listNetworkWatchers: {
    ...lookUp,
    path: 'subscriptions/{subscription}/providers/Microsoft.Network/networkWatchers',
    summary: 'Lists the network watchers of a subscription that one may test from',
    answers: { 200: json('The watchers.', listOf(resource)), 404: noSuchThing },
    problems: ['AzureFailed', 'Paused'],
  },
  listSubscriptions: {
    ...lookUp,
    path: 'subscriptions',
    summary: 'Lists the subscriptions that one may test from',
    answers: { 200: json('The subscriptions.', listOf(subscription)) },
    problems: [],
  },
  getSubscription: {
    ...lookUp,
    path: 'subscriptions/{subscription}',
    summary: 'Tells of a subscription that one may test from',
    answers: { 200: json('The subscription.', subscription), 404: noSuchThing },
    problems: [],
  },
  listTenants: {
    ...lookUp,
    path: 'tenants',
    summary: 'Lists the one tenant whose tokens are taken',
    answers: { 200: json('The tenant.', listOf(tenant)) },
    problems: [],
  },
  getCloudMetadata: {
    method: 'GET',
    path: 'metadata/endpoints',
    summary: 'Describes the cloud in which the proxy stands for Azure Resource Manager',
    query: anyQuery,
    answers: { 200: json('Flat for the api-versions 1.0 and 2015-01-01; else a list of one.', metadata) },
    problems: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
