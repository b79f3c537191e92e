import type { ConnectivityParameters, Protocol } from '../../arm/connectivity-parameters.ts';
import type { ReadOnly } from '../../contract/answer/read-only.ts';
import { plainText } from './plain-text.ts';
import { resourceName } from './resource-name.ts';

const MAX_NAME = 120;
const MAX_CODES = 5;

/** What a check tests, as a sentence says it. */
export interface Flow {
  /** `web-01` */
  readonly source: string;
  /** Whether it is a machine, which probes by an agent; gateways and Bastion hosts bring their own. */
  readonly fromMachine: boolean;
  /** `10.1.2.4`, `sql-01` or `https://shop.example.com/health`; absent where the request names none. */
  readonly destination: string | undefined;
  /** `TCP port 1433`, `ping (ICMP)`, or `port 443` where Azure chooses the protocol. */
  readonly what: string;
  readonly protocol: Protocol | undefined;
  readonly sourcePort: number | undefined;
  /** ` (accepted: 200, 301)`, or nothing where the request does not say. */
  readonly validStatusCodes: string;
}

/** A check's request in words. */
export function flowOf(request: ReadOnly<ConnectivityParameters>): Flow {
  const { source, destination, protocolConfiguration } = request;
  const protocol = request.protocol ?? schemeOf(destination.address);
  const codes = protocolConfiguration?.HTTPConfiguration?.validStatusCodes ?? [];
  const told = codes.length > MAX_CODES ? [...codes.slice(0, MAX_CODES), '…'] : codes;
  return {
    source: resourceName(source.resourceId),
    fromMachine: /\/virtualMachines\/[^/]+$/i.test(source.resourceId),
    destination: destinationName(destination),
    what: protocol === 'Icmp' ? 'ping (ICMP)' : portInWords(protocol, portOf(destination, protocol)),
    protocol,
    sourcePort: source.port === 0 ? undefined : source.port,
    validStatusCodes: told.length === 0 ? '' : ` (accepted: ${told.join(', ')})`,
  };
}

/** `on TCP port 1433`, `by ping (ICMP)` */
export const how = ({ protocol, what }: Flow): string => `${protocol === 'Icmp' ? 'by' : 'on'} ${what}`;

/** `web-01 can reach 10.1.2.4 on TCP port 1433` */
export const flowInWords = (flow: Flow): string =>
  `${flow.source} can reach ${flow.destination ?? 'the destination'} ${how(flow)}`;

export const isHttp = ({ protocol }: Flow): boolean => protocol === 'Http' || protocol === 'Https';

/** A URI is probed by its own scheme. */
function schemeOf(address = ''): Protocol | undefined {
  if (/^https:/i.test(address)) return 'Https';
  return /^http:/i.test(address) ? 'Http' : undefined;
}

function portOf({ port, address = '' }: ReadOnly<ConnectivityParameters>['destination'], protocol?: Protocol) {
  if (port !== undefined && port !== 0) return port;
  const written = /^https?:\/\/[^/?#]*:(\d{1,5})(?:[/?#]|$)/i.exec(address)?.[1];
  if (written !== undefined) return Number(written);
  if (protocol === 'Https') return 443;
  return protocol === 'Http' ? 80 : undefined;
}

function portInWords(protocol: Protocol | undefined, port: number | undefined): string {
  const name = protocol === undefined ? '' : `${protocol.toUpperCase()} `;
  return port === undefined ? `${name}traffic` : `${name}port ${port}`;
}

// The query of a URI can carry a key, and a sentence is passed on.
function destinationName({ resourceId, address }: ConnectivityParameters['destination']): string | undefined {
  if (resourceId !== undefined) return resourceName(resourceId);
  const name = plainText((address ?? '').replace(/[?#].*$/s, ''), MAX_NAME);
  return name === '' ? undefined : name;
}
