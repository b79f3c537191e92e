import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import { formatResourceId, parseResourceId } from '../../arm/resource-id.ts';
import {
  findMachine,
  isOpenSubscription,
  listSubscriptions as list,
  listWatchers as watchersOf,
  type LookUpDeps,
} from '../../sources/look-up.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { armOperations } from './operations.ts';

type LookUpRouteDeps = HandlerDeps & LookUpDeps & { readonly tenantId: string };

/** `GET …/Microsoft.Compute/virtualMachines/{machine}`: where a machine is that the caller may test from. */
export function getMachine(deps: LookUpRouteDeps): HttpHandler {
  return httpHandler(deps, armOperations.getVirtualMachine, async ({ actor, request: { params } }) => {
    const { subscription = '', resourceGroup = '', machine = '' } = params;
    const type = 'Microsoft.Compute/virtualMachines';
    const found = await findMachine(
      deps,
      actor,
      `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/${type}/${machine}`,
    );
    if (!found)
      return notFound(
        'ResourceNotFound',
        `The Resource '${type}/${machine}' under resource group '${resourceGroup}' was not found, or you may not test from it.`,
      );
    const name = found.id.path.at(-1)?.name ?? '';
    return ok({ id: formatResourceId(found.id), name, type, location: found.region, properties: {} });
  });
}

/** `GET …/Microsoft.Network/networkWatchers` of a subscription. */
export function listWatchers(deps: LookUpRouteDeps): HttpHandler {
  return httpHandler(deps, armOperations.listNetworkWatchers, async ({ actor, request: { params } }) => {
    const { subscription = '' } = params;
    const watchers = await watchersOf(deps, actor, subscription);
    if (!watchers) return noSubscription(subscription);
    const type = 'Microsoft.Network/networkWatchers';
    return ok({
      value: watchers.map(({ resourceId: id, region: location }) => {
        const name = parseResourceId(id)?.path.at(-1)?.name ?? '';
        return { id, name, type, location, properties: { provisioningState: 'Succeeded' } };
      }),
    });
  });
}

/** `GET /subscriptions` */
export function listSubscriptions(deps: LookUpRouteDeps): HttpHandler {
  return httpHandler(deps, armOperations.listSubscriptions, async ({ actor }) => {
    const ids = await list(deps, actor);
    return ok({ value: ids.map((id) => subscriptionBody(id, deps.tenantId)) });
  });
}

/** `GET /subscriptions/{subscription}` */
export function getSubscription(deps: LookUpRouteDeps): HttpHandler {
  return httpHandler(deps, armOperations.getSubscription, async ({ actor, request: { params } }) => {
    const { subscription = '' } = params;
    if (!(await isOpenSubscription(deps, actor, subscription))) return noSubscription(subscription);
    return ok(subscriptionBody(subscription.toLowerCase(), deps.tenantId));
  });
}

/** `GET /tenants` */
export function listTenants({ tenantId, ...deps }: LookUpRouteDeps): HttpHandler {
  const tenant = { id: `/tenants/${tenantId}`, tenantId, displayName: tenantId, tenantCategory: 'Home' };
  return httpHandler(deps, armOperations.listTenants, () => Promise.resolve(ok({ value: [tenant] })));
}

/** The proxy knows subscriptions by their ids alone. */
const subscriptionBody = (subscriptionId: string, tenantId: string) => ({
  ...{ id: `/subscriptions/${subscriptionId}`, subscriptionId, tenantId, displayName: subscriptionId },
  ...{ state: 'Enabled', authorizationSource: 'RoleBased', subscriptionPolicies: {} },
});

const ok = (jsonBody: unknown): HttpResponseInit => ({ status: 200, jsonBody });

const noSubscription = (subscription: string): HttpResponseInit =>
  notFound(
    'SubscriptionNotFound',
    `The subscription '${subscription}' could not be found, or you may not test from anything in it.`,
  );

/** With ARM's own codes, which its clients know. */
const notFound = (code: string, message: string): HttpResponseInit => ({
  status: 404,
  headers: { 'x-ms-error-code': code },
  jsonBody: { error: { code, message } },
});
