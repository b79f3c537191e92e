import { z } from 'zod';
import { formatResourceId, parseResourceId, type ResourceId, resourceType } from '../arm/resource-id.ts';
import { sourceTypes } from '../arm/source-types.ts';
import type { SourceState } from '../contract/answer/source.ts';
import type { CallIds } from '../arm/call-ids.ts';
import { jsonOf } from '../contract/json-of.ts';
import { region } from '../network-watcher/region.ts';
import { hasAgentHandler, powerIn } from './instance-view.ts';
import { type ListDeps, readList } from './read-list.ts';
import { isAgent } from './row.ts';
import { stateOfPower, stateOfService } from './state-of.ts';

const machineTypes = ['microsoft.compute/virtualmachines', 'microsoft.compute/virtualmachinescalesets/virtualmachines'];
const TIMEOUT_MS = 5000;

const text = z.string().optional().catch(undefined);
const extension = z.looseObject({
  properties: z.looseObject({ publisher: text, type: text }).optional().catch(undefined),
});
const resource = z.looseObject({
  location: z.unknown().optional(),
  resources: z.array(extension.catch({})).optional().catch(undefined),
  properties: z
    .looseObject({ instanceView: z.unknown().optional(), operationalState: text, provisioningState: text })
    .optional()
    .catch(undefined),
});
const watcher = z.looseObject({ location: z.unknown().optional() });

/** What Azure says of one source now; `undefined` where it says nothing. */
export async function liveState(deps: ListDeps, sourceId: string, ids: CallIds): Promise<SourceState | undefined> {
  const id = parseResourceId(sourceId);
  if (!id || !sourceTypes.includes(resourceType(id))) return undefined;
  const [found, watched] = await Promise.all([
    readResource(deps, id, ids),
    watchedRegions(deps, id.subscriptionId, ids),
  ]);
  if (!found) return undefined;
  const place = region(found.location);
  const isKnown = watched !== undefined && place !== undefined;
  return {
    ...(machineTypes.includes(resourceType(id)) ? stateOfMachine(found) : stateOfOther(found)),
    watcher: isKnown ? (watched.has(place) ? 'present' : 'absent') : 'unknown',
  };
}

async function readResource({ arm }: ListDeps, id: ResourceId, ids: CallIds) {
  const isMachine = machineTypes.includes(resourceType(id));
  const query = isMachine ? 'api-version=2024-07-01&$expand=instanceView' : 'api-version=2023-09-01';
  const url = `${arm.origin}${encodeURI(formatResourceId(id))}?${query}`;
  const exchange = await arm.send({ method: 'GET', url, ids, timeoutMs: TIMEOUT_MS });
  if (exchange.kind !== 'answer' || exchange.status !== 200) return undefined;
  return resource.safeParse(jsonOf(exchange.body)).data;
}

async function watchedRegions(
  deps: ListDeps,
  subscription: string,
  ids: CallIds,
): Promise<ReadonlySet<string> | undefined> {
  const path = `/subscriptions/${subscription}/providers/Microsoft.Network/networkWatchers?api-version=2023-09-01`;
  const list = await readList(deps, path, ids);
  if ('code' in list) return undefined;
  return new Set(list.items.flatMap((item) => region(watcher.safeParse(item).data?.location) ?? []));
}

function stateOfMachine({
  resources = [],
  properties,
}: z.infer<typeof resource>): Pick<SourceState, 'state' | 'agent'> {
  const view = properties?.instanceView;
  const installed = resources.some((one) => isAgent(one.properties?.publisher, one.properties?.type));
  return {
    state: stateOfPower(powerIn(view)),
    agent: installed || hasAgentHandler(view) ? 'present' : 'absent',
  };
}

const stateOfOther = ({ properties }: z.infer<typeof resource>): Pick<SourceState, 'state' | 'agent'> => ({
  state: stateOfService(properties?.operationalState, properties?.provisioningState),
  agent: 'present',
});
