import type { Unreadable } from '../contract/answer/source.ts';
import { canonicalJson } from '../contract/canonical-json.ts';
import type { CallIds } from '../arm/call-ids.ts';
import { sha256 } from '../contract/sha256.ts';
import type { NamedSubscriptions } from '../policy/reach/subscriptions-of.ts';
import type { Listing, ListingStore, ReadListing } from './listing.ts';

/** The listing that all callers share. */
export interface KeptListing {
  /** As it is kept, where that is recent; else Azure is asked, once for all who wait. */
  readonly get: (ids: CallIds) => Promise<Listing>;
  /** As it is kept, whether here or in storage, and recent; Azure is not asked. */
  readonly recent: () => Promise<Listing | undefined>;
}

export interface KeptListingDeps {
  readonly read: ReadListing;
  readonly store: ListingStore;
  readonly named: NamedSubscriptions;
  readonly paused: boolean;
  readonly now: () => Date;
  readonly warn: (message: string, error: unknown) => void;
}

const KEEP_SECONDS = 180;
/** What could not be read is tried again sooner. */
const KEEP_INCOMPLETE_SECONDS = 30;
/** What could not be read again is told as it was for so long. */
const OUTLIVES_SECONDS = 3600;
/** While storage cannot be read, or has nothing, it is not asked at each request. */
const ASK_STORE_SECONDS = 10;
/** Clocks of instances differ, but not by more: what is newer than now would be taken for the newest until then. */
const AHEAD_SECONDS = 60;
/** Azure asks for no longer pause. */
const LONGEST_PAUSE_SECONDS = 3600;

export function keepListing(deps: KeptListingDeps): KeptListing {
  const scope = sha256(canonicalJson(deps.named));
  let kept: Listing | undefined;
  let loading: Promise<Listing> | undefined;
  let asking: Promise<void> | undefined;
  let storeAskedAt = -Infinity;

  const secondsSince = (time: string): number => (deps.now().getTime() - Date.parse(time)) / 1000;

  const isRecent = (listing: Listing): boolean => {
    const age = secondsSince(listing.at);
    const { notBefore } = listing;
    const isPause = notBefore !== undefined && age < LONGEST_PAUSE_SECONDS && age >= -AHEAD_SECONDS;
    if (isPause && deps.now() < new Date(notBefore)) return true;
    // A clock that was set back makes an age negative; nothing lives longer for that.
    return age >= 0 && age < (listing.unreadable.length > 0 ? KEEP_INCOMPLETE_SECONDS : KEEP_SECONDS);
  };

  // Another instance may have listed them just now.
  const askStore = async (): Promise<void> => {
    const time = deps.now().getTime();
    if (time >= storeAskedAt && time < storeAskedAt + ASK_STORE_SECONDS * 1000) return asking;
    storeAskedAt = time;
    asking = (async () => {
      try {
        const stored = await deps.store.read();
        if (!stored || (stored.scope !== scope && !deps.paused)) return;
        if (secondsSince(stored.listing.at) < -AHEAD_SECONDS)
          deps.warn('The kept list of sources is of a time that is still to come: it was passed over.', undefined);
        else if (!kept || stored.listing.at > kept.at) kept = stored.listing;
      } catch (error) {
        deps.warn('The kept list of sources could not be read.', error);
      }
    })();
    return asking;
  };

  const recent = async (): Promise<Listing | undefined> => {
    if (kept && (deps.paused || isRecent(kept))) return kept;
    await askStore();
    return kept && (deps.paused || isRecent(kept)) ? kept : undefined;
  };

  const load = async (ids: CallIds): Promise<Listing> => {
    const before = kept && secondsSince(kept.oldest ?? kept.at) < OUTLIVES_SECONDS ? kept : undefined;
    kept = withFormer(await deps.read(ids), before);
    try {
      await deps.store.write({ scope, listing: kept });
    } catch (error) {
      deps.warn('The list of sources could not be kept.', error);
    }
    return kept;
  };

  return {
    recent,
    get: async (ids) => {
      const known = await recent();
      if (known) return known;
      if (deps.paused) return nothingKept(deps);
      loading ??= load(ids).finally(() => {
        loading = undefined;
      });
      return loading;
    },
  };
}

/** Codes of a subscription that the identity may not read, or that is not there: what was listed of it is not told on. */
const gone = /^(AuthorizationFailed|AccessDenied|SubscriptionNotFound|SubscriptionNotRegistered|Forbidden|NotFound)$/;

/** What could not be read for now is told as it was before, and that it could not be read is told too. */
function withFormer(listing: Listing, former: Listing | undefined): Listing {
  const lost = new Set(
    listing.unreadable.filter(({ code }) => !gone.test(code)).map(({ subscription }) => subscription),
  );
  if (!former || lost.size === 0) return listing;
  const read = new Set(listing.sources.map(({ resourceId }) => resourceId));
  const missing = former.sources.filter(
    ({ subscription, resourceId }) => (lost.has(subscription) || lost.has('**')) && !read.has(resourceId),
  );
  if (missing.length === 0) return listing;
  return { ...listing, oldest: former.oldest ?? former.at, sources: [...listing.sources, ...missing] };
}

function nothingKept({ named, now }: KeptListingDeps): Listing {
  const unreadable = [...named.ids, ...(named.open ? ['**'] : [])].map((subscription): Unreadable => ({
    subscription,
    code: 'Paused',
  }));
  return { at: now().toISOString(), sources: [], unreadable };
}
