import { parsePortRange, type PortRange } from '../pattern/port-range.ts';
import { contains } from '../pattern/network.ts';
import { parseTargetPattern } from '../pattern/target-pattern.ts';
import { protocolSchema } from '../../arm/connectivity-parameters.ts';
import type { RuleDocument } from '../document/policy-document.ts';

/** A member of a rule that is left out is anything; so is one that says it. */
export const isAnything = (entries: readonly string[] | undefined): boolean => entries?.includes('**') ?? true;

/** Whether all that the entry stands for is among what the others stand for; `false` where that cannot be seen from them alone. */
export function entryCovered(entry: string, by: readonly string[] | undefined): boolean {
  return isAnything(by) || (by ?? []).some((other) => other === entry || isWithin(entry, other));
}

export const entriesCovered = (entries: readonly string[] | undefined, by: readonly string[] | undefined): boolean =>
  isAnything(entries) ? isAnything(by) : (entries ?? []).every((entry) => entryCovered(entry, by));

function isWithin(inner: string, outer: string): boolean {
  const [one, other] = [parseTargetPattern(inner), parseTargetPattern(outer)];
  if (one.kind !== 'network' || other.kind !== 'network') return false;
  return one.network.bits >= other.network.bits && contains(other.network, one.network.base);
}

type Way = Pick<RuleDocument, 'ports' | 'protocols'>;

/** Whether a rule that denies meets every port and protocol that the other lets in. */
export const wayCovered = (way: Way, by: Way): boolean => protocolsCovered(way, by) && portsCovered(way, by);

function protocolsCovered({ protocols = protocolSchema.options }: Way, by: Way): boolean {
  return !by.protocols || protocols.every((protocol) => by.protocols?.includes(protocol));
}

/** Ping has no port, so that a rule with ports neither allows nor denies it. */
function portsCovered({ ports, protocols }: Way, by: Way): boolean {
  if (!by.ports) return true;
  if (!ports && protocols?.includes('Icmp') !== false) return false;
  const wanted = ports ? rangesOf(ports) : [{ from: 1, to: 65_535 }];
  const denied = rangesOf(by.ports).toSorted((a, b) => a.from - b.from);
  return wanted.every((range) => isCovered(range, denied));
}

const rangesOf = (ports: readonly string[]): readonly PortRange[] =>
  ports.flatMap((text) => parsePortRange(text) ?? []);

function isCovered({ from, to }: PortRange, sorted: readonly PortRange[]): boolean {
  let next = from;
  for (const range of sorted) if (range.from <= next && range.to >= next) next = range.to + 1;
  return next > to;
}
