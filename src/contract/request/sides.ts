import { parseAddress } from '../../address/address.ts';
import type { Side } from './side.ts';
import { readTypedResourceId } from './typed-resource-id.ts';
import { textOf, type WrittenBody } from './written-body.ts';

/** What a check goes from and to. */
export interface Sides {
  readonly source: Side;
  readonly destination: Side;
}

/** What a name of the policy stands for; `undefined` where the caller is to know of none. */
export type FindNamedTarget = (name: string) => Side | undefined;

/** What stands behind those sides that are given by a name. */
export interface NamedSides {
  readonly source?: Side | undefined;
  readonly destination?: Side | undefined;
}

/** Each name is looked up once, because a look-up goes through the rules of the policy. */
export function findNamedSides(written: WrittenBody, findNamedTarget: FindNamedTarget): NamedSides {
  const find = (side: Record<string, unknown>): Side | undefined => {
    const name = textOf(side['endpoint']);
    return name === undefined ? undefined : findNamedTarget(name);
  };
  return { source: find(written.source), destination: find(written.destination) };
}

/** A side is given by one name: an endpoint's or a machine's. */
export const orMachines = (endpoints: NamedSides, machines: NamedSides): NamedSides => ({
  source: endpoints.source ?? machines.source,
  destination: endpoints.destination ?? machines.destination,
});

/** The port of a named source is a destination's, and counts for nothing. A named destination's own port is not overruled. */
export function withNames({ source, destination }: Sides, named: NamedSides): Sides {
  return {
    source: named.source ? { ...named.source, port: source.port } : source,
    destination: named.destination
      ? { ...named.destination, port: named.destination.port ?? destination.port }
      : destination,
  };
}

/** The sides of a body that has faults, as far as they can be read. */
export function readableSides({ source, destination }: WrittenBody): Sides {
  return { source: readable(source), destination: readable(destination) };
}

function readable({ resourceId, address, port }: Record<string, unknown>): Side {
  const resource = readTypedResourceId(textOf(resourceId) ?? '');
  return {
    resource: typeof resource === 'string' ? undefined : resource,
    address: parseAddress(textOf(address) ?? ''),
    port: typeof port === 'number' ? port : undefined,
  };
}
