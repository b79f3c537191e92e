import { readUnclearIpv4 } from '../../address/unclear-ipv4.ts';
import { hasDisputedLetter } from '../../arm/fold-case.ts';
import type { HopPlace } from '../../arm/hop-places.ts';
import { segmentsOf } from '../../arm/resource-id.ts';
import { isNeverTested } from './never-tested.ts';
import { type Target, targetOf } from './target.ts';

const resourceStart = /^(?:https?:\/\/[^/?#]+)?\/+(?=subscriptions\/)/i;
const segment = /^[\p{L}\p{M}\p{N}_.()-]+$/u;
/** What hops are numbered by; nobody writes an address as so small a number. */
const opaqueId = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{1,6})$/i;
/** A port, a zone, and the prefix length of a single address, which say nothing of where it is. */
const decorated =
  /^(?:(?<bare>[^:/%[\]]+)|\[(?<bracketed>[^\]%]+)(?:%[\w.~-]+)?\])(?:%[\w.~-]+)?(?::\d{1,5})?(?:\/32)?$/;
const decoratedIpv6 = /^(?<bare>[0-9a-f:.]+)(?:%[\w.~-]+)?\/128$/i;

/**
 * What a hop's text means: several places where it is a list, none where it is empty or the number of a hop; `undefined`
 * where any of it cannot be read. It is read with more forgiveness than a request, because Azure writes it.
 */
export function hopTargets({ member, text }: HopPlace): readonly Target[] | undefined {
  const targets: Target[] = [];
  for (const part of text.split(/[\s,;]+/u).filter(Boolean)) {
    if (member === 'id' && opaqueId.test(part)) continue;
    const found = partTargets(part);
    if (found.length === 0) return undefined;
    // An issue may name what no path leads through, such as the platform's DNS server.
    targets.push(...found.filter((target) => member !== 'other' || !isNeverTested(target)));
  }
  return targets;
}

/** All that it can stand for: an IPv4 address with a padded number has two readings. */
function partTargets(part: string): readonly Target[] {
  if (resourceStart.test(part)) return present([resourceTarget(part)]);
  const { bare, bracketed } = (decorated.exec(part) ?? decoratedIpv6.exec(part))?.groups ?? {};
  const address = bare ?? bracketed ?? part;
  const unclear = readUnclearIpv4(address);
  return present(unclear ? unclear.readings.map(targetOf) : [targetOf(address) ?? targetOf(part)]);
}

const present = (targets: readonly (Target | undefined)[]): readonly Target[] =>
  targets.filter((target) => target !== undefined);

/** Of any depth, down from a subscription: rules look at its segments from the front. */
function resourceTarget(part: string): Target | undefined {
  const id = segmentsOf(part.replace(resourceStart, '/').replace(/\/+$/, ''));
  const isReadable = id.every((each) => segment.test(each) && !/^\.+$/.test(each)) && !hasDisputedLetter(part);
  return isReadable ? { kind: 'resource', id } : undefined;
}
