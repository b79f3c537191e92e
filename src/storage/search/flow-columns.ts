import { foldCase } from '../../arm/fold-case.ts';
import { type UriEndpoint, uriEndpoint } from '../../arm/uri-endpoint.ts';
import type { FlowFilter, WantedDestination } from '../../contract/search/flow-filter.ts';
import { sha256 } from '../../contract/sha256.ts';

/** A flow as it stands in a check's request or in an event. */
interface WrittenFlow {
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly port?: number | undefined;
  readonly protocol?: string | undefined;
  readonly rule?: string | undefined;
}

/** Filters have room for so many letters of a value. */
const MAX_CHARACTERS = 200;

/** Columns by which storage finds the rows of a flow. Icmp has no port; a URI has one, and its scheme is the protocol. */
export function flowColumns(flow: WrittenFlow): Record<string, string> {
  const { source, destination, protocol, rule } = flow;
  const uri = uriEndpoint(destination);
  const port = portOf(flow, uri);
  return withoutAbsent({
    source: source === undefined ? undefined : folded(source),
    destination: destination === undefined ? undefined : folded(destination),
    target: destination === undefined || port === undefined ? undefined : targetOf(destination, port),
    protocol: (protocol ?? uri?.protocol)?.toLowerCase(),
    port,
    rule,
  });
}

/** Azure takes port 0 for "none given". */
function portOf({ port, protocol }: WrittenFlow, uri: UriEndpoint | undefined): string | undefined {
  if (protocol === 'Icmp') return undefined;
  return (port === undefined || port === 0 ? uri?.port : port)?.toString();
}

/** What each of these columns must be one of. */
export function flowConditions({ sources, destinations, ports, protocols, rules }: FlowFilter): Conditions {
  return {
    source: sources?.map(folded),
    protocol: protocols?.map((protocol) => protocol.toLowerCase()),
    port: ports?.map(String),
    rule: rules,
    ...(destinations && { destination: destinations.map(destinationCondition) }),
  };
}

/** By column; each entry of a list is a value of that column, or a condition on another. */
export type Conditions = Readonly<Record<string, readonly (string | Condition)[] | undefined>>;
export interface Condition {
  readonly column: string;
  readonly value: string;
}

const destinationCondition = ({ destination, port }: WantedDestination): string | Condition =>
  port === undefined ? folded(destination) : { column: 'target', value: targetOf(destination, String(port)) };

/** Ids and host names ignore case. */
function folded(text: string): string {
  const lower = foldCase(text);
  return lower.length <= MAX_CHARACTERS ? lower : sha256(lower);
}

const targetOf = (destination: string, port: string): string => `${folded(destination)} ${port}`;

export const withoutAbsent = (columns: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(columns).filter((column): column is [string, string] => column[1] !== undefined));
