import type { FieldError } from '../../contract/problem.ts';
import { Problem } from '../../contract/problem.ts';
import { readSide, type Side, writtenSide } from '../../contract/request/side.ts';
import type { FindNamedTarget } from '../../contract/request/sides.ts';
import type { Protocol } from '../../arm/connectivity-parameters.ts';
import type { Asked } from './question.ts';

/** A flow as a person names it: each side by the name of an endpoint, by a resource id or, a destination, by an address. */
export interface NamedFlow {
  readonly source: string;
  readonly destination: string;
  readonly port?: number | undefined;
  readonly protocol?: Protocol | undefined;
}

/** What names stand for; the first that knows one decides. */
export interface Names {
  readonly sources: readonly FindNamedTarget[];
  readonly destinations: readonly FindNamedTarget[];
}

/** The flow that is meant. Throws `InvalidRequest`, which names every side that is unknown. */
export function readPair({ sources, destinations }: Names, { source, destination, ...rest }: NamedFlow): Asked {
  const from = named(sources, source) ?? readSide({ resourceId: source });
  const to = named(destinations, destination) ?? placeOf(destination);
  const port = rest.port ?? to?.port;
  const errors = [...sourceErrors(from), ...destinationErrors(to, port)];
  if (errors.length > 0 || !from || !to)
    throw new Problem('InvalidRequest', 'The query is not usable; details names each fault.', { details: errors });
  const { resourceId = '' } = writtenSide(from);
  return {
    source: { resourceId },
    destination: writtenSide({ ...to, port }),
    ...(rest.protocol && { protocol: rest.protocol }),
  };
}

const named = (finders: readonly FindNamedTarget[], name: string): Side | undefined =>
  finders.reduce<Side | undefined>((found, find) => found ?? find(name), undefined);

const placeOf = (text: string): Side | undefined => readSide({ resourceId: text }) ?? readSide({ address: text });

const sourceErrors = (side: Side | undefined): FieldError[] =>
  side?.resource
    ? []
    : [invalid('source', 'Give a resource id, or the name of an endpoint of yours that is a resource.')];

function destinationErrors(side: Side | undefined, port: number | undefined): FieldError[] {
  if (!side) return [invalid('destination', 'Give the name of an endpoint of yours, a resource id or an address.')];
  const { address } = side;
  if (address?.kind === 'uri' && address.userInfo)
    return [invalid('destination', 'Give the URI without user name and password.')];
  const own = side.port ?? (address?.kind === 'uri' ? address.port : undefined);
  return own === undefined || own === port
    ? []
    : [invalid('port', `The destination has port ${own}: leave the port out.`)];
}

const invalid = (target: string, message: string): FieldError => ({ code: 'InvalidValue', message, target });
