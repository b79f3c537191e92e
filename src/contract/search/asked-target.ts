import { parseAddress } from '../../address/address.ts';
import { resourceType } from '../../arm/resource-id.ts';
import { sourceTypes } from '../../arm/source-types.ts';
import { machineNameSchema } from '../request/named-machines.ts';
import type { Side } from '../request/side.ts';
import { readTypedAddress } from '../request/typed-address.ts';
import { readTypedResourceId } from '../request/typed-resource-id.ts';

/** A source or destination that is looked for. */
export interface AskedTarget {
  readonly text: string;
  /** It can be the name of an endpoint, which goes first, or of a machine. */
  readonly isName: boolean;
  /** What it is where no endpoint has this name; absent where it can be a name alone. */
  readonly side?: Side | undefined;
}

export type ReadTarget = { readonly ok: true; readonly target: AskedTarget } | Fault;
interface Fault {
  readonly ok: false;
  readonly message: string;
}

const fault = (message: string): Fault => ({ ok: false, message });
const found = (text: string, side?: Side): ReadTarget => ({ ok: true, target: { text, isName: isName(text), side } });

/** What is the name of an endpoint could be that of a machine. */
const isName = (text: string): boolean => machineNameSchema.safeParse(text).success;

/** Such as `sql-01`, `1433` or `0x7f000001`: whoever writes one means a name, or a port, and no address. */
const isWord = (text: string): boolean => !/[.:/]/.test(text);

/** A source is a resource: an address would be looked for in vain. */
export function readAskedSource(text: string): ReadTarget {
  const resource = readTypedResourceId(text);
  if (typeof resource === 'string')
    return isName(text)
      ? found(text)
      : fault(isMeantAsId(text) ? resource : (notASource(text) ?? `Give ${sourceForms}.`));
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
  return isName(text) ? found(text) : fault(notADestination(text) ?? `Give ${destinationForms}.`);
}

const PORT = 'the parameter port';

const isMeantAsId = (text: string): boolean => /^\/?subscriptions\//i.test(text);

const endpoint = 'the name of an endpoint of the policy';

/** What to give as a source. */
export const sourceForms = `${endpoint} or of a source, or the whole resource id of a source`;

/** What to give as a destination. */
export const destinationForms = `${endpoint} or of a machine, a whole resource id, an IP address, a host name with a dot, or an http or https URI`;

/** What to say of a text that names no source, where it looks like something else. */
export const notASource = (text: string): string | undefined =>
  parseAddress(text) === undefined || isWord(text) ? undefined : `A source is never an address: give ${sourceForms}.`;

/** What to say of a text that names no machine, where it looks like something else. */
export function notADestination(text: string): string | undefined {
  const address = readTypedAddress(text, PORT);
  return typeof address === 'string' && !isWord(text) ? address : undefined;
}
