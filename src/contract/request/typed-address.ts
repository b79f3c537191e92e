import { type Address, parseAddress } from '../../address/address.ts';
import { isServiceTag } from '../../address/service-tag.ts';
import { whyNoAddress } from '../../address/why-no-address.ts';
import { cutObjectAdvice, isCutObject } from './cut-object.ts';

/** An address as somebody typed it, or a sentence that says what is wrong with it. `portPlace` is where its port belongs. */
export function readTypedAddress(text: string, portPlace?: string): Address | string {
  if (isServiceTag(text)) return 'A service tag cannot be tested: give a host name or an address.';
  if (isCutObject(text)) return cutObjectAdvice;
  if (/^\/subscriptions\//i.test(text)) return 'This is a resource id: give it as resourceId.';
  const address = parseAddress(text);
  if (!address) return whyNoAddress(text, portPlace === undefined ? {} : { port: portPlace });
  return address.kind === 'uri' && address.userInfo ? 'Give the URI without user name and password.' : address;
}
