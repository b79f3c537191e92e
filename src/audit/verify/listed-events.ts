import { Problem } from '../../contract/problem.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { lateListings, type ListedAt } from '../checkpoint/late-listings.ts';

/** What checkpoints say of an event. */
export interface Listed extends ListedAt {
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
  const late = lateListings();
  let hashes: Map<string, Listed> | undefined;
  return {
    /**
     * Takes in what a checkpoint lists; the oldest checkpoint comes first. Answers since when an event must be to be
     * listed there, or later, in time.
     */
    add(checkpoint: Checkpoint): string {
      const [listedAt, lateBefore] = [checkpoint.time, late.pass(checkpoint)];
      for (const [day, chain, sequence, hash] of checkpoint.events) {
        const key = eventKey(chain, sequence);
        if (!isWanted(day) || events.has(key)) continue;
        if (events.size === MAX_EVENTS)
          throw new Problem('InvalidRequest', 'There are more than 200,000 events in that time: ask for fewer days.', {
            target: 'from',
          });
        const listed = { day, hash, listedAt, lateBefore, seen: 0, demanded: 0 };
        events.set(key, listed);
        hashes?.set(hash, listed);
      }
      return lateBefore;
    },
    whyLate: late.whyLate,
    get: (chain: string, sequence: number): Listed | undefined => events.get(eventKey(chain, sequence)),
    /** An event of that hash, wherever it is listed. */
    withHash(hash: string): Listed | undefined {
      hashes ??= new Map(Array.from(events.values(), (listed) => [listed.hash, listed]));
      return hashes.get(hash);
    },
    entries: (): IterableIterator<[string, Listed]> => events.entries(),
  };
}
export type ListedEvents = ReturnType<typeof listedEvents>;

export const eventKey = (chain: string, sequence: number): string => `${chain}!${sequence}`;
