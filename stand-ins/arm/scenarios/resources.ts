export type ResourceKind = 'virtual machine' | 'scale-set instance' | 'application gateway' | 'Bastion host';

export interface Resource {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly location: string;
  /** Private address */
  readonly address: string;
  /** Which Network Watcher agent extension is installed. */
  readonly agent?: 'Linux' | 'Windows';
  readonly stopped?: true;
  /** What Azure says of its power where that is not what `stopped` lets expect; nothing while it changes. */
  readonly power?: 'PowerState/stopped' | '';
}

const main = '/subscriptions/00000000-0000-4000-8000-00000000000a';
const partner = '/subscriptions/00000000-0000-4000-8000-00000000000b';

const shop = `${main}/resourceGroups/rg-shop/providers`;
const compute = `${shop}/Microsoft.Compute/virtualMachines`;
const api = `${shop}/Microsoft.Compute/virtualMachineScaleSets/api/virtualMachines`;
const operations = `${main}/resourceGroups/rg-operations/providers`;
const batch = `${main}/resourceGroups/rg-batch/providers/Microsoft.Compute/virtualMachines`;
const pci = `${main}/resourceGroups/rg-pci/providers/Microsoft.Compute/virtualMachines`;
const secrets = `${partner}/resourceGroups/rg-secrets/providers/Microsoft.Compute/virtualMachines`;
const payments = `${partner}/resourceGroups/rg-payments/providers/Microsoft.Compute/virtualMachines`;

/** Everything that a check can start from; each machine is a destination too. */
export const resources = {
  web1: vm(`${compute}/web-01`, 'westeurope', '10.1.1.4', 'Linux'),
  // ARM gives a location back as it was written when the resource was made.
  web2: vm(`${compute}/web-02`, 'WestEurope', '10.1.1.5', 'Windows'),
  sql: vm(`${compute}/sql-01`, 'westeurope', '10.1.2.4', 'Linux'),
  bare: vm(`${compute}/bare-01`, 'westeurope', '10.1.1.6'),
  api0: { ...vm(`${api}/0`, 'westeurope', '10.1.3.4', 'Linux'), kind: 'scale-set instance' },
  api1: { ...vm(`${api}/1`, 'westeurope', '10.1.3.5', 'Linux'), kind: 'scale-set instance' },
  gateway: {
    kind: 'application gateway',
    id: `${shop}/Microsoft.Network/applicationGateways/edge`,
    location: 'westeurope',
    address: '10.1.8.4',
  },
  bastion: {
    kind: 'Bastion host',
    id: `${operations}/Microsoft.Network/bastionHosts/way-in`,
    location: 'westeurope',
    address: '10.1.9.4',
  },
  batch: vm(`${batch}/batch-01`, 'northeurope', '10.2.1.4', 'Linux'),
  idle: { ...vm(`${batch}/idle-01`, 'northeurope', '10.2.1.5', 'Windows'), stopped: true },
  // Off, and still paid for.
  halted: {
    ...vm(`${batch}/halted-01`, 'northeurope', '10.2.1.6', 'Linux'),
    stopped: true,
    power: 'PowerState/stopped',
  },
  waking: { ...vm(`${batch}/waking-01`, 'northeurope', '10.2.1.7', 'Linux'), power: '' },
  // Names repeat from group to group.
  twin1: vm(`${compute}/twin-01`, 'westeurope', '10.1.1.20', 'Linux'),
  twin2: vm(`${batch}/twin-01`, 'northeurope', '10.2.1.20', 'Windows'),
  card: vm(`${pci}/card-01`, 'westeurope', '10.99.0.4', 'Linux'),
  vault: vm(`${secrets}/vault-01`, 'eastus2', '10.3.9.4', 'Linux'),
  report: vm(`${batch}/report-01`, 'eastus2', '10.4.1.4', 'Linux'),
  pay1: vm(`${payments}/pay-01`, 'eastus2', '10.3.1.4', 'Linux'),
  pay2: vm(`${payments}/pay-02`, 'eastus2', '10.3.1.5', 'Windows'),
  // Its region has no network watcher in its subscription.
  remote: vm(`${payments}/remote-01`, 'northeurope', '10.3.2.4', 'Linux'),
} satisfies Record<string, Resource>;

function vm(id: string, location: string, address: string, agent?: 'Linux' | 'Windows'): Resource {
  return { kind: 'virtual machine', id, location, address, ...(agent && { agent }) };
}
