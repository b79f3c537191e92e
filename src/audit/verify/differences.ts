import { differing, fingerprintOf, fingerprints } from './fingerprints.ts';

/** Something that should be there, or is. It is right where its text is on both sides. */
export interface Item {
  readonly text: string;
  /** Two that differ and have this in common are one thing that was changed. */
  readonly group: string;
  /** For a person. */
  readonly place: string;
  readonly what: 'event' | 'pointer' | 'row';
  /** An event that belongs to another place is in it. */
  readonly isMisplaced?: boolean | undefined;
  /** Of an event. */
  readonly time?: string | undefined;
  /** It is among the events that a report counts. */
  readonly isCounted?: boolean | undefined;
}

export interface Visitor {
  readonly expected: (item: Item) => void;
  readonly actual: (item: Item) => void;
}

export interface Differences<T> {
  /** What the last look answered. */
  readonly seen: T;
  readonly changed: readonly Item[];
  readonly missing: readonly Item[];
  readonly unexpected: readonly Item[];
}

/**
 * Compares what should be there with what is. It looks once, and keeps of each item six bytes. Only where the two sides
 * differ it looks again, at the difference alone: what was being written during the first look is on both sides by then.
 * docs/decisions.md#verification-is-the-comparison-of-two-sets
 */
export async function differences<T>(salt: string, look: (visitor: Visitor) => Promise<T>): Promise<Differences<T>> {
  const [expected, actual] = [fingerprints(salt), fingerprints(salt)];
  const first = await look({
    expected: ({ text }) => {
      expected.add(text);
    },
    actual: ({ text }) => {
      actual.add(text);
    },
  });
  const suspects = differing(expected.sorted(), actual.sorted());
  if (suspects.size === 0) return { seen: first, changed: [], missing: [], unexpected: [] };
  const [should, is] = [new Map<string, Item>(), new Map<string, Item>()];
  const keep = (items: Map<string, Item>) => (item: Item) => {
    if (suspects.has(fingerprintOf(salt, item.text))) items.set(item.text, item);
  };
  const seen = await look({ expected: keep(should), actual: keep(is) });
  return { seen, ...paired(without(should, is), without(is, should)) };
}

const without = (items: ReadonlyMap<string, Item>, others: ReadonlyMap<string, Item>): Item[] =>
  [...items].flatMap(([text, item]) => (others.has(text) ? [] : [item]));

function paired(missing: readonly Item[], unexpected: readonly Item[]): Omit<Differences<never>, 'seen'> {
  const left = new Map<string, Item[]>();
  for (const item of missing) left.set(item.group, [...(left.get(item.group) ?? []), item]);
  const isChanged = ({ group }: Item): boolean => left.get(group)?.pop() !== undefined;
  const changed = unexpected.filter(isChanged);
  const kept = new Set(changed);
  return {
    changed,
    missing: [...left.values()].flat(),
    unexpected: unexpected.filter((item) => !kept.has(item)),
  };
}
