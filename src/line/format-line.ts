import type { Ask, Line } from './line.ts';
import { isBareIpv6 } from './read-destination.ts';

/** The line in its one spelling: `parseLine` reads the same from it. */
export function formatLine(line: Line): string {
  const reason = 'reason' in line ? ['because', line.reason] : [];
  return [...verbOf(line), ...argumentsOf(line), ...reason].filter((word) => word !== undefined).join(' ');
}

function verbOf({ verb }: Line): readonly string[] {
  if (verb === 'set') return ['set', 'run'];
  return verb === 'check' ? [] : [verb];
}

function argumentsOf(line: Line): readonly (string | undefined)[] {
  if ('source' in line) return [line.source, destinationOf(line), line.protocol?.toLowerCase()];
  if ('id' in line) return [line.id, ...('with' in line ? [line.with] : []), ...('to' in line ? (line.to ?? []) : [])];
  if ('name' in line) return [line.name];
  if ('search' in line) return [line.search];
  return 'about' in line ? [line.about] : [];
}

function destinationOf({ destination, port }: Ask): string {
  if (port === undefined) return destination;
  return `${isBareIpv6(destination) ? `[${destination}]` : destination}:${port}`;
}
