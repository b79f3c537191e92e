import { sameResource } from '../../arm/resource-id.ts';
import { uriEndpoint } from '../../arm/uri-endpoint.ts';
import type { FlowFilter, WantedDestination } from '../../contract/search/flow-filter.ts';
import type { FieldError } from '../../contract/problem.ts';

/** Clocks differ: what is that little ahead is no fault. */
const CLOCK_MILLISECONDS = 10_000;

export function timeContradictions(
  { from, to }: { readonly from?: Date | undefined; readonly to?: Date | undefined },
  now: Date,
): FieldError[] {
  const future = from && from.getTime() > now.getTime() + CLOCK_MILLISECONDS;
  if (future) return [fault('from', `This is in the future: it is ${now.toISOString()} now.`)];
  if (!from || !to || from < to) return [];
  return [fault('from', 'Nothing is between these times: `from` is included, `to` is not. Give `from` before `to`.')];
}

/** What no check of one flow can be. */
export function flowContradictions({ sources, destinations, ports, protocols }: FlowFilter): FieldError[] {
  const faults: FieldError[] = [];
  if (ports && protocols?.every((protocol) => protocol === 'Icmp'))
    faults.push(fault('port', 'Icmp has no port: leave out one of the two.'));
  if (sources && destinations && isNowhere(sources, destinations))
    faults.push(fault('destination', 'Source and destination are the same resource, which no check has.'));
  const ofDestinations = destinations?.map((each) => destinationFault(each, ports, protocols)) ?? [];
  const [first] = ofDestinations;
  if (first && ofDestinations.every((each) => each !== undefined)) faults.push(first);
  return faults;
}

const isNowhere = (sources: readonly string[], destinations: readonly WantedDestination[]): boolean =>
  sources.every((source) => destinations.every(({ destination }) => sameResource(source, destination)));

/** A URI has a scheme and a port of its own; a name of the policy can stand for a port. */
function destinationFault(
  { destination, port }: WantedDestination,
  ports: FlowFilter['ports'],
  protocols: FlowFilter['protocols'],
): FieldError | undefined {
  const uri = uriEndpoint(destination);
  if (uri && protocols && !protocols.includes(uri.protocol))
    return fault(
      'protocol',
      `The destination is an ${uri.protocol.toLowerCase()} URI, which no other protocol reaches.`,
    );
  const own = port ?? uri?.port;
  if (own === undefined || !ports || ports.includes(own)) return undefined;
  return fault('port', `The destination has port ${own}: leave one of the two out.`);
}

const fault = (target: string, message: string): FieldError => ({ code: 'InvalidValue', message, target });
