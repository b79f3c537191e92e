import { parseAddress } from '../../address/address.ts';
import { glob } from './glob.ts';

/** Answers for a canonical host name. */
export type HostPattern = (host: string) => boolean;

const withStars = /^(?:[a-z0-9_*-]{1,63}\.)*[a-z][a-z0-9_*-]{0,62}$/;

/** Reads a host name with stars: `*.x` is one or more labels before `x`, any other `*` stays within its label. */
export function parseHostPattern(text: string): HostPattern | undefined {
  const lead = text.startsWith('*.');
  const name = canonicalName(lead ? text.slice(2) : text);
  if (name === undefined) return undefined;
  if (!name.includes('*')) return lead ? (host) => host.endsWith(`.${name}`) : (host) => host === name;
  const labels = name.split('.').map(glob);
  return (host) => {
    const given = host.split('.');
    const before = given.length - labels.length;
    return (lead ? before > 0 : before === 0) && labels.every((matches, index) => matches(given[before + index] ?? ''));
  };
}

function canonicalName(text: string): string | undefined {
  if (text.includes('*')) {
    const name = text.toLowerCase().replace(/\.$/, '');
    return withStars.test(name) ? name : undefined;
  }
  const address = parseAddress(text);
  return address?.kind === 'host' ? address.canonical : undefined;
}
