import { parseAddress } from '../../address/address.ts';
import { resourceType } from '../../arm/resource-id.ts';
import { sourceTypes } from '../../arm/source-types.ts';
import { endpointNameSchema } from '../request/named-target.ts';
import type { Side } from '../request/side.ts';
import { readTypedAddress } from '../request/typed-address.ts';
import { readTypedResourceId } from '../request/typed-resource-id.ts';

/** A source or destination that is looked for. */
export interface AskedTarget {
  readonly text: string;
  /** It can be a name of the policy, which goes first. */
  readonly isName: boolean;
  /** What it is where the policy has no such name; absent where it could be that name alone. */
  readonly side?: Side | undefined;
}

export type ReadTarget = { readonly ok: true; readonly target: AskedTarget } | Fault;
interface Fault {
  readonly ok: false;
  readonly message: string;
}

const fault = (message: string): Fault => ({ ok: false, message });
const found = (text: string, side?: Side): ReadTarget => ({ ok: true, target: { text, isName: isName(text), side } });

const isName = (text: string): boolean => endpointNameSchema.safeParse(text).success;

/** Such as `sql-01`, `1433` or `0x7f000001`: whoever writes one means a name, or a port, and no address. */
const isWord = (text: string): boolean => !/[.:/]/.test(text);

/** A source is a resource: an address would be looked for in vain. */
export function readAskedSource(text: string): ReadTarget {
  const resource = readTypedResourceId(text);
  if (typeof resource === 'string')
    return isName(text) ? found(text) : fault(isMeantAsId(text) ? resource : unknownSource(text));
  if (sourceTypes.includes(resourceType(resource))) return found(text, { resource });
  return fault('A source is a virtual machine, a scale-set instance, a Bastion host or an application gateway.');
}

/** A resource id or an address, read as a check's destination is read. A host of one label is written `sql.` */
export function readAskedDestination(text: string): ReadTarget {
  const resource = readTypedResourceId(text);
  if (typeof resource !== 'string') return found(text, { resource });
  if (isMeantAsId(text)) return fault(resource);
  const address = readTypedAddress(text, PORT);
  if (typeof address !== 'string' && !isWord(text)) return found(text, { address });
  return isName(text) ? found(text) : fault(unknownDestination(text));
}

const PORT = 'the parameter port';

const isMeantAsId = (text: string): boolean => /^\/?subscriptions\//i.test(text);

const endpoint = 'the name of an endpoint of the policy, as GET /api/me lists yours,';

/** What to say of a word that the policy does not know. */
export function unknownSource(text: string): string {
  const isAddress = parseAddress(text) !== undefined && !isWord(text);
  return `${isAddress ? 'A source is never an address: give' : 'Give'} ${endpoint} or the whole resource id of a source.`;
}

export function unknownDestination(text: string): string {
  const address = readTypedAddress(text, PORT);
  if (typeof address === 'string' && !isWord(text)) return address;
  const port = /^\d+$/.test(text) ? ` A port goes into ${PORT}.` : '';
  return `Give ${endpoint} a whole resource id, an IP address, a host name with a dot, or an http or https URI.${port}`;
}
