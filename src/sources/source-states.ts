import { foldCase } from '../arm/fold-case.ts';
import { type SourceState, unknownState } from '../contract/answer/source.ts';
import type { CallIds } from '../arm/call-ids.ts';
import type { KeptListing } from './kept-listing.ts';
import type { Listing } from './listing.ts';

/** In which state sources are. No method throws for what Azure answers: what it does not tell is unknown. */
export interface SourceStates {
  /** Answered within a second: as it is kept, where nothing stands against a check from there; else as Azure says now. */
  readonly soon: (sourceId: string, ids: CallIds) => Promise<SourceState>;
  /** As Azure says now, within some seconds. */
  readonly now: (sourceId: string, ids: CallIds) => Promise<SourceState>;
}

export interface SourceStatesDeps {
  readonly listing: Pick<KeptListing, 'recent'>;
  /** Asks Azure of one source; `undefined` where it says nothing. */
  readonly readState: (sourceId: string, ids: CallIds) => Promise<SourceState | undefined>;
  readonly paused: boolean;
  readonly now: () => Date;
  /** What the work comes to; `undefined` where it takes longer, and then it goes on. */
  readonly within: <T>(milliseconds: number, work: Promise<T>) => Promise<T | undefined>;
}

const SOON_MILLISECONDS = 1000;
/** Azure lets one machine be read 12 times a minute. */
const KEEP_MILLISECONDS = 5000;
/** A source with which all is well is believed for longer: at worst a check tells what a warning would have told. */
const KEEP_WELL_MILLISECONDS = 60_000;
const MOST_KEPT = 1000;

const isWell = ({ state, agent, watcher }: SourceState): boolean =>
  state === 'running' && agent === 'present' && watcher === 'present';
const isIll = ({ state, agent, watcher }: SourceState): boolean =>
  state === 'stopped' || agent === 'absent' || watcher === 'absent';

interface Read {
  readonly at: number;
  readonly state: Promise<SourceState>;
  /** What it came to, once it is there. */
  found?: SourceState;
}

export function createSourceStates(deps: SourceStatesDeps): SourceStates {
  const reads = new Map<string, Read>();
  const listed = indexed();

  const readOf = (key: string, milliseconds: number): Read | undefined => {
    const read = reads.get(key);
    const age = read === undefined ? -1 : deps.now().getTime() - read.at;
    // A clock that was set back makes an age negative.
    return age >= 0 && age < milliseconds ? read : undefined;
  };

  const ask = async (sourceId: string, ids: CallIds): Promise<SourceState> =>
    (await deps.readState(sourceId, ids)) ?? unknownState;

  const asNow = async (sourceId: string, ids: CallIds): Promise<SourceState> => {
    if (deps.paused) return unknownState;
    const key = foldCase(sourceId);
    const known = readOf(key, KEEP_MILLISECONDS);
    if (known) return known.state;
    const read: Read = { at: deps.now().getTime(), state: ask(sourceId, ids) };
    reads.delete(key);
    reads.set(key, read);
    const [oldest] = reads.keys();
    if (reads.size > MOST_KEPT && oldest !== undefined) reads.delete(oldest);
    read.found = await read.state;
    return read.found;
  };

  const asKept = async (sourceId: string): Promise<SourceState | undefined> => {
    const key = foldCase(sourceId);
    const found = readOf(key, KEEP_WELL_MILLISECONDS)?.found;
    if (found && isWell(found)) return found;
    // What was read of this one source is newer than the list.
    if (found && isIll(found)) return undefined;
    const listing = await deps.listing.recent();
    return listing && listed(listing).get(key);
  };

  const soonest = async (sourceId: string, ids: CallIds): Promise<SourceState> => {
    const kept = await asKept(sourceId);
    // What stands against a check is confirmed, because the list is an index that can be behind by minutes.
    return kept && (deps.paused || isWell(kept)) ? kept : asNow(sourceId, ids);
  };

  return {
    now: asNow,
    soon: async (sourceId, ids) => (await deps.within(SOON_MILLISECONDS, soonest(sourceId, ids))) ?? unknownState,
  };
}

/** The states of a listing by id; made once for each. */
function indexed(): (listing: Listing) => ReadonlyMap<string, SourceState> {
  const made = new WeakMap<Listing, ReadonlyMap<string, SourceState>>();
  return (listing) => {
    const index =
      made.get(listing) ??
      new Map(
        listing.sources.map(({ resourceId, state, agent, watcher }) => [
          foldCase(resourceId),
          { state, agent, watcher },
        ]),
      );
    made.set(listing, index);
    return index;
  };
}
