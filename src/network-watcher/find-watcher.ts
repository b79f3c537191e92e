import type { CallIds, Found } from '../check/ports/network-watcher.ts';
import { formatResourceId, parseResourceId } from '../arm/resource-id.ts';
import type { Arm } from './arm.ts';
import type { ExpiringCache } from './expiring-cache.ts';
import { type FoundRegion, noSource, sourceRegion } from './source-region.ts';
import { watcherInRegion } from './watcher-in-region.ts';

/** For each of the two look-ups; with the POST's own 60 s a step stays within its lease of 90 s. */
const LOOKUP_TIMEOUT_MS = 12_000;

export interface FindWatcherDeps {
  readonly arm: Arm;
  readonly now: () => Date;
  /** Source → region. */
  readonly regions: ExpiringCache<FoundRegion>;
  /** Subscription and region → network watcher. */
  readonly watchers: ExpiringCache<Found>;
}

/** The network watcher of the source's subscription and region; `fresh`: as it is now, whatever was kept. */
export async function findWatcher(
  deps: FindWatcherDeps,
  sourceId: string,
  ids: CallIds,
  fresh = false,
): Promise<Found> {
  const { arm, now, regions, watchers } = deps;
  const source = parseResourceId(sourceId);
  if (source === undefined) return noSource();
  const limits = { arm, now, timeoutMs: LOOKUP_TIMEOUT_MS };
  const key = formatResourceId(source).toLowerCase();
  const region = await regions(key, () => sourceRegion(limits, source, ids), fresh);
  if (region.kind !== 'found') return region;
  const wanted = { subscriptionId: source.subscriptionId, region: region.region };
  return watchers(`${wanted.subscriptionId}/${wanted.region}`, () => watcherInRegion(limits, wanted, ids), fresh);
}
