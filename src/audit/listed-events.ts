import { Problem } from '../contract/problem.ts';
import type { Listing } from './checkpoint.ts';

/** What checkpoints say of an event. */
export interface Listed {
  readonly day: string;
  readonly hash: string;
  /** Bits of its rows that were seen. */
  seen: number;
  /** Bits of the rows that its content demands; 0 until one was read. */
  demanded: number;
}

/** One call bears that many. */
const MAX_EVENTS = 200_000;

/** The events of some days as checkpoints list them; twice listed is listed once. */
export function listedEvents(isWanted: (day: string) => boolean) {
  const events = new Map<string, Listed>();
  let hashes: Set<string> | undefined;
  return {
    add([day, chain, sequence, hash]: Listing): void {
      const key = eventKey(chain, sequence);
      if (!isWanted(day) || events.has(key)) return;
      if (events.size === MAX_EVENTS)
        throw new Problem('InvalidRequest', 'There are more than 200,000 events in that time: ask for fewer days.', {
          target: 'from',
        });
      events.set(key, { day, hash, seen: 0, demanded: 0 });
      hashes?.add(hash);
    },
    get: (chain: string, sequence: number): Listed | undefined => events.get(eventKey(chain, sequence)),
    /** Whether an event of that hash is listed anywhere; only asked where something is wrong. */
    hasHash(hash: string): boolean {
      hashes ??= new Set(Array.from(events.values(), (listed) => listed.hash));
      return hashes.has(hash);
    },
    entries: (): IterableIterator<[string, Listed]> => events.entries(),
  };
}
export type ListedEvents = ReturnType<typeof listedEvents>;

export const eventKey = (chain: string, sequence: number): string => `${chain}!${sequence}`;
