import { z } from 'zod';
import { connectivityAnswerSchema } from '../../contract/answer/connectivity-answer.ts';
import { checkRequestSchema } from '../../contract/request/check-request.ts';
import type { ProblemCode } from '../../contract/problem.ts';
import { type Operation, refusedByHost } from '../operation.ts';
import { armExamples } from '../openapi/examples/arm.ts';
import { armErrorSchema, armProblemForm } from './arm-problem.ts';

/** Clients of ARM send its api-version, any, and members of their own. */
const anyQuery = z.looseObject({
  'api-version': z.unknown().optional().describe('Any, as that of the client; nothing depends on it.'),
});

const group = 'subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers';

const json = (description: string, schema: z.ZodType) => ({ description, content: { 'application/json': schema } });

/** What every submit tells. */
const limits = { 'RateLimit-Policy': 'sometimes', RateLimit: 'sometimes', 'Preference-Applied': 'sometimes' } as const;
const toldByCode = { 'x-ms-error-code': 'sometimes' } as const;

const result = json('What Azure answered, as it came.', connectivityAnswerSchema);
const running = {
  ...json('It runs: the same address, or that in Location, tells its end.', z.null()),
  headers: { Location: 'always', 'Retry-After': 'always' },
} as const;
const refused = {
  ...json('Why there is no result, by Azure itself or by the proxy.', armErrorSchema),
  headers: { ...toldByCode, ...limits },
} as const;
const noSuchThing = {
  ...json('There is no such thing, or the caller may not test from it.', armErrorSchema),
  headers: toldByCode,
} as const;

/** With which a check can end instead of with a result. */
const failures = [
  ...(['InvalidRequest', 'PolicyRefused', 'NotFound', 'CheckCanceled'] as const),
  ...(['AzureFailed', 'AzureRefused', 'DeadlineExceeded', 'NotAsAccepted', 'Poisoned', 'ResultTooLarge'] as const),
] as const satisfies readonly ProblemCode[];

export const armResourceSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  location: z.string(),
  properties: z.looseObject({}),
});
export const armSubscriptionSchema = z.strictObject({
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
    pathParameters: {
      subscription: "The subscription's id.",
      resourceGroup: 'Its resource group.',
      watcher: 'The network watcher of the region in which the source is.',
    },
    summary: "Asks for a connectivity check, as Azure Resource Manager's clients do",
    description:
      'Sent again within two minutes, with the same `x-ms-client-request-id`, path and body, it is the same check; with another body it is another.',
    roles: ['Check.Request'],
    query: anyQuery,
    // The path has the network watcher.
    body: checkRequestSchema.omit({ networkWatcher: true }),
    requestHeaders: ['Prefer', 'Idempotency-Key', 'Repeatability-Request-ID'],
    answers: {
      200: { ...result, headers: limits },
      202: { ...running, headers: { ...running.headers, ...limits } },
      '4XX': refused,
    },
    problems: [
      ...failures,
      ...(['PayloadTooLarge', 'UnsupportedMediaType', 'IdempotencyKeyReused', 'TooManyRequests', 'Paused'] as const),
    ],
    problemForm: armProblemForm,
    examples: armExamples.beginConnectivityCheck,
  },
  getOperationResult: {
    method: 'GET',
    path: 'subscriptions/{subscription}/providers/Microsoft.Network/locations/{location}/operationResults/{id}',
    pathParameters: {
      subscription: "The subscription's id.",
      location: 'Any: the id alone says which operation is meant.',
      id: "The check's id.",
    },
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
    pathParameters: {
      subscription: "The subscription's id.",
      resourceGroup: 'Its resource group.',
      machine: 'Its name.',
    },
    summary: 'Tells where a virtual machine is that one may test from',
    answers: { 200: json('The machine.', armResourceSchema), 404: noSuchThing },
    problems: ['AzureFailed', 'Paused'],
  },
  listNetworkWatchers: {
    ...lookUp,
    path: 'subscriptions/{subscription}/providers/Microsoft.Network/networkWatchers',
    pathParameters: { subscription: "The subscription's id." },
    summary: 'Lists the network watchers of a subscription that one may test from',
    answers: { 200: json('The watchers.', listOf(armResourceSchema)), 404: noSuchThing },
    problems: ['AzureFailed', 'Paused'],
  },
  listSubscriptions: {
    ...lookUp,
    path: 'subscriptions',
    summary: 'Lists the subscriptions that one may test from',
    answers: { 200: json('The subscriptions.', listOf(armSubscriptionSchema)) },
    problems: [],
  },
  getSubscription: {
    ...lookUp,
    path: 'subscriptions/{subscription}',
    pathParameters: { subscription: "The subscription's id." },
    summary: 'Tells of a subscription that one may test from',
    answers: { 200: json('The subscription.', armSubscriptionSchema), 404: noSuchThing },
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
    answers: {
      200: json('Flat for the api-versions 1.0 and 2015-01-01; else a list of one.', metadata),
      ...refusedByHost,
    },
    problems: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
