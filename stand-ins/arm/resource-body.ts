import { derivedUuid } from '../entra/derived-uuid.ts';
import { networkInterface } from './network-interface.ts';
import type { Resource } from './scenarios/resources.ts';
import type { NetworkWatcher } from './scenarios/world.ts';

const types = {
  'virtual machine': 'Microsoft.Compute/virtualMachines',
  'scale-set instance': 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
  'application gateway': 'Microsoft.Network/applicationGateways',
  'Bastion host': 'Microsoft.Network/bastionHosts',
} as const;

/** A source as ARM shows it; how a machine is doing, only where that is asked for. */
export function resourceBody(resource: Resource, expand = false): Record<string, unknown> {
  const { id, kind, location, address } = resource;
  const common = { name: nameOf(id), id, type: types[kind], location };
  if (kind === 'application gateway') {
    const frontends = [{ properties: { privateIPAddress: address } }, { properties: { publicIPAddress: { id } } }];
    const sku = { name: 'WAF_v2', tier: 'WAF_v2' };
    const state = { provisioningState: 'Succeeded', operationalState: 'Running' };
    return { ...common, properties: { ...state, sku, frontendIPConfigurations: frontends } };
  }
  if (kind === 'Bastion host') {
    return { ...common, sku: { name: 'Standard' }, properties: { provisioningState: 'Succeeded' } };
  }
  const properties = { ...machineProperties(resource), ...(expand && { instanceView: instanceView(resource) }) };
  return { ...common, properties, ...extensions(resource) };
}

/** In a list a machine's extensions are bare ids. */
export function listedMachine(resource: Resource): Record<string, unknown> {
  const resources = resource.agent && [{ id: `${resource.id}/extensions/nw-agent` }];
  return { ...resourceBody(resource), ...(resources && { resources }) };
}

/** A list of states has nothing else of the machines. */
export function listedState(resource: Resource): Record<string, unknown> {
  const { id, kind, location } = resource;
  return { name: nameOf(id), id, type: types[kind], location, properties: { instanceView: instanceView(resource) } };
}

/** How a machine is doing. The guest agent says nothing while the machine is off. */
export function instanceView(resource: Resource): Record<string, unknown> {
  const code = powerOf(resource);
  const ready = { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Ready' };
  const type = `Microsoft.Azure.NetworkWatcher.NetworkWatcherAgent${resource.agent ?? ''}`;
  const vmAgent = {
    vmAgentVersion: '2.9',
    statuses: [ready],
    extensionHandlers: resource.agent ? [{ type, typeHandlerVersion: '1.4.1', status: ready }] : [],
  };
  return {
    ...(!resource.stopped && { vmAgent }),
    statuses: [
      { code: 'ProvisioningState/succeeded', level: 'Info' },
      ...(code === '' ? [] : [{ code, level: 'Info', displayStatus: `VM ${code.split('/')[1] ?? ''}` }]),
    ],
  };
}

export const powerOf = ({ power, stopped }: Resource): string =>
  power ?? (stopped ? 'PowerState/deallocated' : 'PowerState/running');

/** The network interface of a machine, which has its address. */
export function interfaceBody({ id, location, address }: Resource): Record<string, unknown> {
  const nic = interfaceOf(id);
  const ipConfigurations = configurationsOf(address);
  const properties = { provisioningState: 'Succeeded', virtualMachine: { id }, ipConfigurations };
  return { name: nameOf(nic), id: nic, type: 'Microsoft.Network/networkInterfaces', location, properties };
}

export const configurationsOf = (address: string) => [
  { name: 'primary', properties: { privateIPAddress: address, primary: true } },
];

/** The scale set of an instance, whose model says which extensions each of them gets. */
export function scaleSetBody(instance: Resource): Record<string, unknown> {
  const { id, location } = instance;
  const [set = ''] = id.split('/virtualMachines/');
  const extensionProfile = { extensions: modelExtensions(instance) };
  const type = 'Microsoft.Compute/virtualMachineScaleSets';
  return {
    ...{ name: nameOf(set), id: set, type, location },
    properties: { orchestrationMode: 'Uniform', virtualMachineProfile: { extensionProfile } },
  };
}

export function modelExtensions({ agent }: Resource) {
  const properties = { publisher: 'Microsoft.Azure.NetworkWatcher', type: `NetworkWatcherAgent${agent ?? ''}` };
  return agent ? [{ name: 'nw-agent', properties }] : [];
}

const interfaceOf = (id: string): string => networkInterface(id).replace('/ipConfigurations/primary', '');

/** A network watcher as ARM shows it. */
export function watcherBody({ id, location }: NetworkWatcher): Record<string, unknown> {
  const type = 'Microsoft.Network/networkWatchers';
  const properties = { provisioningState: 'Succeeded', flowLogs: [], runningOperationIds: [] };
  return { name: nameOf(id), id, etag: `W/"${derivedUuid('etag', id)}"`, type, location, properties };
}

function machineProperties({ id }: Resource) {
  return {
    provisioningState: 'Succeeded',
    vmId: derivedUuid('vm', id),
    networkProfile: { networkInterfaces: [{ id: interfaceOf(id) }] },
  };
}

/** The agent shows as a child resource; ARM leaves `resources` out where there is none. */
function extensions({ id, location, agent }: Resource) {
  if (agent === undefined) return {};
  const type = `NetworkWatcherAgent${agent}`;
  const properties = { provisioningState: 'Succeeded', publisher: 'Microsoft.Azure.NetworkWatcher', type };
  const extension = { name: 'nw-agent', id: `${id}/extensions/nw-agent`, location, properties };
  return { resources: [{ ...extension, type: 'Microsoft.Compute/virtualMachines/extensions' }] };
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
