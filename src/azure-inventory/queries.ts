const machineTypes = [
  'microsoft.compute/virtualmachines',
  'microsoft.compute/virtualmachines/extensions',
  'microsoft.compute/virtualmachinescalesets',
  'microsoft.network/networkinterfaces',
  'microsoft.network/bastionhosts',
  'microsoft.network/applicationgateways',
  'microsoft.network/networkwatchers',
];
const instances = 'microsoft.compute/virtualmachinescalesets/virtualmachines';

const named = (types: readonly string[]): string => types.map((type) => `'${type}'`).join(', ');
const power = 'power = tostring(properties.extended.instanceView.powerState.code)';

/**
 * What Azure Resource Graph is asked. The texts are fixed: nothing of a caller's goes into them. They join nothing, because
 * joined rows come without a token for the next page, and have `id` and its order, without which there are no pages.
 */
export const queries = [
  [
    'resources',
    `| where type in~ (${named(machineTypes)})`,
    "| where type !~ 'microsoft.compute/virtualmachines/extensions' or tostring(properties.publisher) =~ 'Microsoft.Azure.NetworkWatcher'",
    "| where type !~ 'microsoft.network/networkinterfaces' or isnotempty(properties.virtualMachine.id)",
    `| project id, type, location, ${power}, operational = tostring(properties.operationalState), provisioning = tostring(properties.provisioningState), tier = tostring(properties.sku.tier), extension = tostring(properties.type), machine = tostring(properties.virtualMachine.id), configurations = iff(type =~ 'microsoft.network/applicationgateways', properties.frontendIPConfigurations, properties.ipConfigurations), model = properties.virtualMachineProfile.extensionProfile.extensions`,
    '| order by id asc',
  ].join('\n'),
  // The two tables cannot be asked together.
  [
    'computeresources',
    `| where type in~ (${named([instances, `${instances}/networkinterfaces`])})`,
    `| project id, type, location, ${power}, configurations = properties.ipConfigurations`,
    '| order by id asc',
  ].join('\n'),
] as const;
