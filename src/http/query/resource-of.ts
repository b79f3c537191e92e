import { parseAddress } from '../../address/address.ts';
import { stripQuery } from '../../contract/strip-query.ts';

/** Path and query for the audit, which keeps no query of an address. */
export function resourceOf(url: string): string {
  const { pathname, searchParams } = new URL(url);
  const kept = new URLSearchParams(
    [...searchParams].map(([name, value]): [string, string] => [name, withoutQuery(value)]),
  );
  return pathname + (kept.size === 0 ? '' : `?${kept.toString()}`);
}

function withoutQuery(value: string): string {
  const address = parseAddress(value.trim());
  return address?.kind === 'uri' ? (stripQuery(address.canonical) ?? '') : value;
}
