import { type Fault, fault } from './line.ts';
import { hostFault, isBareIpv6, isResourceId, shown } from './read-destination.ts';

export type Source = { readonly ok: true; readonly word: string } | Fault;

const what = 'a check starts from an Azure machine: give the name of an endpoint or of a source, or a resource id';

/** Reads `SOURCE`. Only the server knows names, so what could be one is one. */
export function readSource(word: string): Source {
  // The server names the id in an address of the portal.
  if (isResourceId(word) || /^https:\/\/.*\/subscriptions\//i.test(word)) return { ok: true, word };
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(word)) return fault(`${shown(word)} is a URI, and ${what}.`);
  if (isAddress(word)) return fault(`${shown(word)} is an address, and ${what}.`);
  const [, name, port] = /^([^:]+):(.*)$/su.exec(word) ?? [];
  if (name !== undefined && port !== undefined)
    return fault(`A source has no port: write ${shown(name)} alone, and the port behind the destination.`);
  const wrong = hostFault(word);
  return wrong === undefined ? { ok: true, word } : fault(wrong.replace('No host name has', 'No name of a source has'));
}

const isAddress = (word: string): boolean =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(word) || isBareIpv6(word.replace(/^\[(.*)\].*$/s, '$1'));
