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

/** A source as ARM shows it. */
export function resourceBody(resource: Resource): Record<string, unknown> {
  const { id, kind, location } = resource;
  const common = { name: nameOf(id), id, type: types[kind], location };
  if (kind === 'application gateway') {
    return { ...common, properties: { provisioningState: 'Succeeded', sku: { name: 'WAF_v2', tier: 'WAF_v2' } } };
  }
  if (kind === 'Bastion host') {
    return { ...common, sku: { name: 'Standard' }, properties: { provisioningState: 'Succeeded' } };
  }
  return { ...common, properties: machineProperties(resource), ...extensions(resource) };
}

/** A network watcher as ARM shows it. */
export function watcherBody({ id, location }: NetworkWatcher): Record<string, unknown> {
  const type = 'Microsoft.Network/networkWatchers';
  const properties = { provisioningState: 'Succeeded', flowLogs: [], runningOperationIds: [] };
  return { name: nameOf(id), id, etag: `W/"${derivedUuid('etag', id)}"`, type, location, properties };
}

function machineProperties({ id, stopped }: Resource) {
  const power = stopped ? ['PowerState/deallocated', 'VM deallocated'] : ['PowerState/running', 'VM running'];
  return {
    provisioningState: 'Succeeded',
    vmId: derivedUuid('vm', id),
    networkProfile: { networkInterfaces: [{ id: networkInterface(id).replace('/ipConfigurations/primary', '') }] },
    instanceView: { statuses: [{ code: power[0], level: 'Info', displayStatus: power[1] }] },
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
