import { type Address, parseAddress } from '../../address/address.ts';
import { formatResourceId, parseResourceId, type ResourceId } from '../../arm/resource-id.ts';
import type { NamedTarget } from './named-target.ts';

/** One side of a check as it was read: a resource or an address, and a port where one is given. */
export interface Side {
  readonly resource?: ResourceId | undefined;
  readonly address?: Address | undefined;
  readonly port?: number | undefined;
}

/** Reads a side that was kept as text; `undefined` where any part of it cannot be read. */
export function readSide({ resourceId, address, port }: NamedTarget): Side | undefined {
  const side = {
    ...(resourceId === undefined ? {} : { resource: parseResourceId(resourceId) }),
    ...(address === undefined ? {} : { address: parseAddress(address) }),
    ...(port === undefined ? {} : { port }),
  };
  const unread = ('resource' in side && !side.resource) || ('address' in side && !side.address);
  return unread ? undefined : side;
}

/** The side in its one spelling, as it goes to Azure. */
export function writtenSide({ resource, address, port }: Side): NamedTarget {
  return {
    ...(resource === undefined ? {} : { resourceId: formatResourceId(resource) }),
    ...(address === undefined ? {} : { address: address.canonical }),
    ...(port === undefined ? {} : { port }),
  };
}
