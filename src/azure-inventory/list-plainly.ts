import { z } from 'zod';
import type { CallIds } from '../arm/call-ids.ts';
import { powerIn } from './instance-view.ts';
import { type ListDeps, type NoList, readList } from './read-list.ts';
import { type Row, rowsOf } from './row.ts';

const COMPUTE = 'api-version=2024-07-01';
const NETWORK = 'api-version=2023-09-01';

const text = z.string().optional().catch(undefined);
const resource = z.looseObject({
  id: z.string(),
  type: text,
  location: z.unknown().optional(),
  properties: z
    .looseObject({
      provisioningState: text,
      operationalState: text,
      sku: z.looseObject({ tier: text }).optional().catch(undefined),
      virtualMachine: z.looseObject({ id: text }).optional().catch(undefined),
      virtualMachineProfile: z
        .looseObject({ extensionProfile: z.looseObject({ extensions: z.unknown() }).optional().catch(undefined) })
        .optional()
        .catch(undefined),
      ipConfigurations: z.unknown().optional(),
      frontendIPConfigurations: z.unknown().optional(),
      instanceView: z.unknown().optional(),
      orchestrationMode: text,
    })
    .optional()
    .catch(undefined),
});
type Resource = z.infer<typeof resource>;

/** What a subscription holds, and the code of what went wrong where not all of it could be read. */
export interface Plain {
  readonly rows: readonly Row[];
  readonly failure?: NoList | undefined;
}

/** Lists a subscription by its resource providers, without Azure Resource Graph: more calls, and no word of agents. */
export async function listPlainly(deps: ListDeps, subscription: string, ids: CallIds): Promise<Plain> {
  const failures: NoList[] = [];
  const list = async (path: string): Promise<readonly Resource[]> => {
    const found = await readList(deps, path, ids);
    if ('code' in found) {
      failures.push(found);
      return [];
    }
    return found.items.flatMap((item) => resource.safeParse(item).data ?? []);
  };
  const providers = `/subscriptions/${subscription}/providers`;
  const machines = await list(`${providers}/Microsoft.Compute/virtualMachines?${COMPUTE}`);
  // Where this fails, the others will: the identity has no rights there, or there is no such subscription.
  if (failures.length > 0) return { rows: [], failure: failures[0] };
  const [states, sets, ...others] = await Promise.all([
    list(`${providers}/Microsoft.Compute/virtualMachines?${COMPUTE}&statusOnly=true`),
    list(`${providers}/Microsoft.Compute/virtualMachineScaleSets?${COMPUTE}`),
    list(`${providers}/Microsoft.Network/networkInterfaces?${NETWORK}`),
    list(`${providers}/Microsoft.Network/bastionHosts?${NETWORK}`),
    list(`${providers}/Microsoft.Network/applicationGateways?${NETWORK}`),
    list(`${providers}/Microsoft.Network/networkWatchers?${NETWORK}`),
  ]);
  const instances: Resource[] = [];
  for (const { id, properties } of sets)
    // Instances of a flexible set are virtual machines of their own.
    if (properties?.orchestrationMode?.toLowerCase() !== 'flexible')
      instances.push(...(await list(`${encodeURI(id)}/virtualMachines?${COMPUTE}&$expand=instanceView`)));
  // A list of machines says nothing of their state, and a list of states nothing of the machines.
  const power = new Map(states.map((one) => [one.id.toLowerCase(), powerIn(one.properties?.instanceView)]));
  const rows = [...machines, ...sets, ...instances, ...others.flat()].map((one) => rowOf(one, power));
  return { rows: rowsOf(rows), failure: failures.find(({ notBefore }) => notBefore) ?? failures[0] };
}

function rowOf({ id, type, location, properties = {} }: Resource, power: ReadonlyMap<string, string | undefined>) {
  return {
    ...{ id, type: type ?? typeOf(id), location, isPlain: true },
    power: powerIn(properties.instanceView) ?? power.get(id.toLowerCase()),
    operational: properties.operationalState,
    provisioning: properties.provisioningState,
    tier: properties.sku?.tier,
    machine: properties.virtualMachine?.id,
    configurations: properties.ipConfigurations ?? properties.frontendIPConfigurations,
    model: properties.virtualMachineProfile?.extensionProfile?.extensions,
  };
}

/** Microsoft.Compute/virtualMachines of `…/providers/Microsoft.Compute/virtualMachines/web-01` */
function typeOf(id: string): string {
  const [namespace = '', ...path] = (id.split('/providers/')[1] ?? '').split('/');
  return [namespace, ...path.filter((_, index) => index % 2 === 0)].join('/');
}
