import type { ConnectivityHop } from '../../arm/connectivity-information.ts';
import type { Flow } from './flow.ts';
import { plainText } from './plain-text.ts';
import { resourceName } from './resource-name.ts';

const MAX_ID = 600;
const MAX_NAME = 80;

/** A hop for people, and for programs. */
export interface Place {
  readonly role: 'source' | 'destination' | 'between';
  /** `web-01 (10.1.1.4)` */
  readonly name: string;
  /** `the source web-01 (10.1.1.4)`, `the virtual appliance fw-1 (10.1.9.4) on the way` */
  readonly inWords: string;
  /** Resource id, address or id of the hop, whichever is known first. */
  readonly id: string | undefined;
  readonly address: string | undefined;
}

// What Azure calls a hop that is a device. Its other words (VirtualNetwork, VnetLocal, Internet) say where a hop is.
const devices: ReadonlyMap<string, string> = new Map([
  ['virtualappliance', 'the virtual appliance'],
  ['azurefirewall', 'the Azure Firewall'],
  ['virtualnetworkgateway', 'the virtual network gateway'],
  ['localnetworkgateway', 'the local network gateway'],
  ['virtualnetworkpeering', 'the virtual network peering'],
  ['virtualhub', 'the virtual hub'],
  ['expressroutecircuit', 'the ExpressRoute circuit'],
  ['loadbalancer', 'the load balancer'],
  ['applicationgateway', 'the application gateway'],
]);

/** The hop at that position of the path. */
export function placeOf(hop: ConnectivityHop, index: number, flow: Flow): Place {
  const resourceId = known(hop.resourceId, MAX_ID);
  const address = known(hop.address, MAX_NAME);
  const id = resourceId ?? address ?? known(hop.id, MAX_ID);
  const role = roleOf(hop, index, address, flow);
  if (role === 'source') {
    const name = named(flow.source, address);
    return { role, name, inWords: `the source ${name}`, id, address };
  }
  if (role === 'between') return { role, id, address, ...between(hop, address, resourceId) };
  const name = named(flow.destination, address);
  return {
    role,
    name,
    inWords: flow.destination === undefined && !address ? name : `the destination ${name}`,
    id,
    address,
  };
}

/** Whether what stands there can answer a connection in the destination's place. */
export const isAppliance = ({ type = '', resourceId = '' }: ConnectivityHop): boolean =>
  /^(?:virtualappliance|azurefirewall)$/i.test(type.trim()) || /\/azureFirewalls\//i.test(resourceId);

// The last hop of a path is the destination, unless it is a device or has another address than was asked for.
function roleOf(hop: ConnectivityHop, index: number, address: string | undefined, flow: Flow): Place['role'] {
  const type = typeOf(hop);
  if (type === 'source' || (index === 0 && type === '')) return 'source';
  if (type === 'destination' || (address !== undefined && address === flow.destination)) return 'destination';
  const isLast = index > 0 && hop.nextHopIds.length === 0 && !devices.has(type);
  return isLast && !isElsewhere(address, flow.destination) ? 'destination' : 'between';
}

// An IPv6 address has several spellings, so that two of them do not tell whether they are one.
function isElsewhere(address = '', destination = ''): boolean {
  return address !== destination && [address, destination].every((text) => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text));
}

function between(
  hop: ConnectivityHop,
  address: string | undefined,
  resourceId: string | undefined,
): Pick<Place, 'name' | 'inWords'> {
  const isNic = /\/networkInterfaces\//i.test(resourceId ?? '');
  const device = devices.get(typeOf(hop)) ?? (isNic ? 'the NIC' : undefined);
  if (resourceId !== undefined) {
    const name = named(resourceName(resourceId), address);
    return { name, inWords: `${device ?? 'the resource'} ${name} on the way` };
  }
  if (address !== undefined) return { name: address, inWords: `${device ?? 'the address'} ${address} on the way` };
  const name = device ?? 'a place';
  return { name, inWords: `${name} on the way that Azure does not name` };
}

function named(name: string | undefined, address: string | undefined): string {
  if (name === undefined) return address ?? 'the destination';
  return address === undefined || address === name ? name : `${name} (${address})`;
}

const typeOf = ({ type = '' }: ConnectivityHop): string => type.trim().toLowerCase();

// Azure writes an empty text or the word `Unknown` where it has no resource, and `Internet` for what is in none.
function known(text: string | undefined, length: number): string | undefined {
  const plain = plainText(text ?? '', length);
  return /^(?:unknown|internet)?$/i.test(plain) ? undefined : plain;
}
