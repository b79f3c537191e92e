import { type ArmAnswer, networkAnswer, nothingAt } from './arm-answer.ts';
import { findMissing } from './find-missing.ts';
import { interfaceBody, listedMachine, listedState, resourceBody, scaleSetBody, watcherBody } from './resource-body.ts';
import type { Resource } from './scenarios/resources.ts';
import type { World } from './scenarios/world.ts';
import type { ArmRequest, Simulator } from './simulator.ts';

// Smaller than the real ones, so that a client has to follow `nextLink` to see them all.
const PAGE = 2;
const MACHINES_PAGE = 5;

const isMachine = ({ kind }: Resource): boolean => kind === 'virtual machine';

type List = (world: World, query: URLSearchParams) => readonly Record<string, unknown>[];

/** By type, in lower case. */
const lists: Readonly<Record<string, List>> = {
  'microsoft.network/networkwatchers': ({ watchers }) => watchers.map(watcherBody),
  'microsoft.network/networkinterfaces': ({ resources }) => resources.filter(isMachine).map(interfaceBody),
  'microsoft.network/bastionhosts': ({ resources }) =>
    resources.filter(({ kind }) => kind === 'Bastion host').map((each) => resourceBody(each)),
  'microsoft.network/applicationgateways': ({ resources }) =>
    resources.filter(({ kind }) => kind === 'application gateway').map((each) => resourceBody(each)),
  'microsoft.compute/virtualmachines': ({ resources }, query) =>
    resources.filter(isMachine).map(query.get('statusOnly') === 'true' ? listedState : listedMachine),
  'microsoft.compute/virtualmachinescalesets': ({ resources }) => firstOfSets(resources).map(scaleSetBody),
};

/** One instance of each scale set. */
export function firstOfSets(resources: readonly Resource[]): readonly Resource[] {
  const instances = resources.filter(({ kind }) => kind === 'scale-set instance');
  return [...new Map(instances.map((each) => [scaleSetBody(each)['id'], each])).values()];
}

/** `GET /subscriptions` */
export function listSubscriptions({ world }: Simulator): ArmAnswer {
  const ids = [...world.watchers, ...world.resources].map(({ id }) => id.split('/')[2] ?? '');
  const value = [...new Set(ids)].map((subscriptionId) => ({
    ...{ id: `/subscriptions/${subscriptionId}`, subscriptionId },
    ...{ displayName: `Subscription ${subscriptionId.slice(-1)}`, state: 'Enabled' },
  }));
  return networkAnswer(200, { value });
}

/** `GET /subscriptions/{id}/providers/{type}` */
export function listOfType(simulator: Simulator, request: ArmRequest, subscription: string, type: string): ArmAnswer {
  const list = lists[type.toLowerCase()];
  if (!list) return nothingAt(request.url.pathname);
  const path = `/subscriptions/${subscription}`;
  const missing = findMissing(simulator.world, path);
  if (missing) return missing;
  const all = list(simulator.world, request.url.searchParams);
  const size = type.toLowerCase() === 'microsoft.compute/virtualmachines' ? MACHINES_PAGE : PAGE;
  return paged(simulator, request, all.filter(isUnder(path)), size);
}

/** `GET {scale set}/virtualMachines` */
export function listInstances(simulator: Simulator, request: ArmRequest, setId: string): ArmAnswer {
  const expand = request.url.searchParams.get('$expand') === 'instanceView';
  const all = simulator.world.resources.filter(({ kind }) => kind === 'scale-set instance');
  const instances = all.map((each) => resourceBody(each, expand)).filter(isUnder(`${setId}/virtualMachines`));
  return paged(simulator, request, instances, PAGE);
}

const isUnder =
  (path: string) =>
  ({ id }: Record<string, unknown>): boolean =>
    String(id).toLowerCase().startsWith(`${path.toLowerCase()}/`);

function paged(
  { url }: Simulator,
  { url: asked }: ArmRequest,
  all: readonly Record<string, unknown>[],
  size: number,
): ArmAnswer {
  const start = Number(asked.searchParams.get('$skiptoken') ?? 0);
  const query = new URLSearchParams(asked.searchParams);
  query.set('$skiptoken', String(start + size));
  const next = `${url}${asked.pathname}?${query.toString()}`;
  return networkAnswer(200, {
    value: all.slice(start, start + size),
    ...(start + size < all.length && { nextLink: next }),
  });
}
