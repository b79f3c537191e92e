import { z } from 'zod';
import { formatResourceId, parseResourceId, resourceType } from '../arm/resource-id.ts';
import { expiringCache } from '../network-watcher/expiring-cache.ts';
import { region } from '../network-watcher/region.ts';
import { sourceRegion } from '../network-watcher/source-region.ts';
import type { Place, Places, Watcher } from '../sources/places.ts';
import { type ListDeps, readList } from './read-list.ts';

const TIMEOUT_MS = 10_000;
const KEEP_MS = 60_000;
const MAX_ENTRIES = 1000;

const item = z.looseObject({ id: z.string(), location: z.unknown() });

/** Azure's words for what is not there, or not the identity's to see. */
const none = /^(AuthorizationFailed|AccessDenied|SubscriptionNotFound|SubscriptionNotRegistered|Forbidden|NotFound)$/;

/** Where machines and watchers are, as Azure says now, or said a minute ago. */
export function livePlaces(deps: ListDeps & { readonly paused: boolean }): Places {
  const limits = { now: deps.now, ttlMs: KEEP_MS, maxEntries: MAX_ENTRIES };
  const regions = expiringCache<Place<string>>(limits);
  const watchers = expiringCache<Place<readonly Watcher[]>>(limits);
  const paused = { kind: 'unknown', code: 'Paused' } as const;

  const askRegion: Places['regionOf'] = async (machine, ids) => {
    if (deps.paused) return paused;
    const found = await sourceRegion({ ...deps, timeoutMs: TIMEOUT_MS }, machine, ids);
    if (found.kind === 'found') return { kind: 'found', value: found.region };
    const { status } = found.arm;
    return status === 403 || status === 404 ? { kind: 'none' } : { kind: 'unknown', code: codeIn(status) };
  };

  const askWatchers: Places['watchersOf'] = async (subscription, ids) => {
    if (deps.paused) return paused;
    const path = `/subscriptions/${subscription}/providers/Microsoft.Network/networkWatchers?api-version=2023-09-01`;
    const list = await readList(deps, path, ids);
    if ('code' in list) return none.test(list.code) ? { kind: 'none' } : { kind: 'unknown', code: list.code };
    return { kind: 'found', value: list.items.flatMap((each) => watcherOf(each, subscription) ?? []) };
  };

  return {
    regionOf: (machine, ids) => regions(formatResourceId(machine).toLowerCase(), () => askRegion(machine, ids)),
    watchersOf: (subscription, ids) => watchers(subscription, () => askWatchers(subscription, ids)),
  };
}

const codeIn = (status: number | undefined): string => (status === undefined ? 'no answer' : String(status));

/** Azure's word is checked: an id of another subscription is no watcher of this one. */
function watcherOf(each: unknown, subscription: string): Watcher | undefined {
  const { data } = item.safeParse(each);
  const id = data && parseResourceId(data.id);
  const place = region(data?.location);
  if (id?.subscriptionId !== subscription || place === undefined) return undefined;
  if (resourceType(id) !== 'microsoft.network/networkwatchers') return undefined;
  return { resourceId: formatResourceId(id), region: place };
}
