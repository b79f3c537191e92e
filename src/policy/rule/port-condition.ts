import type { Condition } from './condition.ts';
import type { PortRange } from '../pattern/port-range.ts';

/** The port that is tested. Icmp has none; any other request without one leaves it open. */
export function portCondition(ranges: readonly PortRange[]): Condition {
  return ({ port, protocol }) => {
    if (port === undefined) return protocol === 'Icmp' ? false : 'port';
    return ranges.some(({ from, to }) => from <= port && port <= to);
  };
}
