import ipaddr from 'ipaddr.js';
import type { Network } from '../../src/policy/pattern/network.ts';

/** Addresses of one family, from the first to the last. */
export interface AddressRange {
  readonly bytes: 4 | 16;
  readonly from: bigint;
  readonly to: bigint;
}

export const everyAddress: readonly AddressRange[] = [
  { bytes: 4, from: 0n, to: (1n << 32n) - 1n },
  { bytes: 16, from: 0n, to: (1n << 128n) - 1n },
];

export function rangeOf({ base, bits }: Network): AddressRange {
  const bytes = base.kind() === 'ipv4' ? 4 : 16;
  const from = base.toByteArray().reduce((sum, byte) => (sum << 8n) + BigInt(byte), 0n);
  return { bytes, from, to: from + (1n << BigInt(bytes * 8 - bits)) - 1n };
}

/** What is in both. */
export function overlap(some: readonly AddressRange[], others: readonly AddressRange[]): readonly AddressRange[] {
  return some.flatMap((one) =>
    others.flatMap((other) => {
      const [from, to] = [one.from > other.from ? one.from : other.from, one.to < other.to ? one.to : other.to];
      return one.bytes === other.bytes && from <= to ? [{ bytes: one.bytes, from, to }] : [];
    }),
  );
}

/** What is in the first and in none of the others. */
export function without(some: readonly AddressRange[], others: readonly AddressRange[]): readonly AddressRange[] {
  return others.reduce<readonly AddressRange[]>(
    (left, { bytes, from, to }) =>
      left.flatMap((one) =>
        one.bytes !== bytes || one.to < from || to < one.from
          ? [one]
          : [
              ...(one.from < from ? [{ ...one, to: from - 1n }] : []),
              ...(to < one.to ? [{ ...one, from: to + 1n }] : []),
            ],
      ),
    some,
  );
}

export function firstAddress({ bytes, from }: AddressRange): string {
  const digits =
    from
      .toString(16)
      .padStart(bytes * 2, '0')
      .match(/../g) ?? [];
  return ipaddr.fromByteArray(digits.map((byte) => parseInt(byte, 16))).toString();
}
