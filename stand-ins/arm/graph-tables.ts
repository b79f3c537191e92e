import { firstOfSets } from './lists.ts';
import { configurationsOf, interfaceBody, modelExtensions, powerOf, scaleSetBody } from './resource-body.ts';
import type { Resource } from './scenarios/resources.ts';
import type { World } from './scenarios/world.ts';

type Row = { readonly id: string; readonly type: string } & Record<string, unknown>;

const empty = { power: '', operational: '', provisioning: 'Succeeded', tier: '', extension: '', machine: '' };

/** The tables of Azure Resource Graph with all columns that sources are asked for; types are in lower case there. */
export function graphTables(world: World): Readonly<Record<string, readonly Row[]>> {
  const machines = world.resources.filter(({ kind }) => kind === 'virtual machine');
  const instances = world.resources.filter(({ kind }) => kind === 'scale-set instance');
  return {
    resources: [
      ...world.watchers.map(({ id, location }) => row(id, 'microsoft.network/networkwatchers', location)),
      ...machines.map((each) => ({
        ...row(each.id, 'microsoft.compute/virtualmachines', each.location),
        power: powerOf(each),
      })),
      ...machines.map(interfaceRow),
      ...machines.flatMap(extensionRow),
      ...firstOfSets(instances).map(scaleSetRow),
      ...world.resources.flatMap(serviceRow),
    ],
    computeresources: instances.flatMap((each) => [
      {
        ...row(each.id, 'microsoft.compute/virtualmachinescalesets/virtualmachines', each.location),
        power: powerOf(each),
      },
      {
        ...row(
          `${each.id}/networkInterfaces/primary`,
          'microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces',
          each.location,
        ),
        configurations: configurationsOf(each.address),
      },
    ]),
  };
}

const row = (id: string, type: string, location: string): Row => ({
  ...empty,
  ...{ id, type, location: location.toLowerCase() },
  ...{ configurations: null, model: null },
});

function interfaceRow(machine: Resource): Row {
  const { id, location, address } = machine;
  return {
    ...row(String(interfaceBody(machine)['id']), 'microsoft.network/networkinterfaces', location),
    ...{ machine: id, configurations: configurationsOf(address) },
  };
}

/** An extension's id has its machine's in any letter case. */
function extensionRow({ id, location, agent }: Resource): Row[] {
  if (agent === undefined) return [];
  const [subscription = '', rest = ''] = id.split('/resourceGroups/');
  const written = `${subscription}/resourceGroups/${rest.toUpperCase()}/extensions/nw-agent`;
  return [
    {
      ...row(written, 'microsoft.compute/virtualmachines/extensions', location),
      extension: `NetworkWatcherAgent${agent}`,
    },
  ];
}

function scaleSetRow(instance: Resource): Row {
  const { id, location } = scaleSetBody(instance);
  const set = row(String(id), 'microsoft.compute/virtualmachinescalesets', String(location));
  return { ...set, model: modelExtensions(instance) };
}

function serviceRow({ id, kind, location, address }: Resource): Row[] {
  if (kind === 'Bastion host') return [row(id, 'microsoft.network/bastionhosts', location)];
  if (kind !== 'application gateway') return [];
  const gateway = row(id, 'microsoft.network/applicationgateways', location);
  const configurations = [{ properties: { privateIPAddress: address } }];
  return [{ ...gateway, operational: 'Running', tier: 'WAF_v2', configurations }];
}
