import type { Found, NetworkWatcher } from '../check/ports/network-watcher.ts';
import { formatResourceId, parseResourceId, resourceType } from '../arm/resource-id.ts';
import type { Arm } from './arm.ts';
import { expiringCache } from './expiring-cache.ts';
import { findWatcher } from './find-watcher.ts';
import { operation } from './operation.ts';
import { outcome } from './outcome.ts';
import type { FoundRegion } from './source-region.ts';

const API_VERSION = '2023-09-01';
const KEEP_MS = 5 * 60_000;
const MAX_ENTRIES = 1000;

/** Network Watcher through Azure Resource Manager. */
export function createWatcher({ arm, now }: { readonly arm: Arm; readonly now: () => Date }): NetworkWatcher {
  const limits = { now, ttlMs: KEEP_MS, maxEntries: MAX_ENTRIES };
  const lookups = { arm, now, regions: expiringCache<FoundRegion>(limits), watchers: expiringCache<Found>(limits) };
  const read = () => ({ origin: arm.origin, now: now() });
  return {
    find: (sourceId, ids, fresh) => findWatcher(lookups, sourceId, ids, fresh),

    begin: async (networkWatcher, parameters, ids) => {
      const path = watcherPath(networkWatcher);
      if (path === undefined) return outcome('begin', 'no watcher id', nothing, now());
      const url = `${arm.origin}${path}/connectivityCheck?api-version=${API_VERSION}`;
      return operation(read(), 'begin', await arm.send({ method: 'POST', url, body: parameters, ids }));
    },

    poll: async (operationUrl, ids) => {
      const exchange = await arm.send({ method: 'GET', url: operationUrl, ids });
      return operation({ ...read(), polledUrl: operationUrl }, 'poll', exchange);
    },
  };
}

const nothing = { kind: 'no-response', mishap: 'no answer', detail: '' } as const;

function watcherPath(id: string): string | undefined {
  const parsed = parseResourceId(id);
  if (parsed === undefined || resourceType(parsed) !== 'microsoft.network/networkwatchers') return undefined;
  return encodeURI(formatResourceId(parsed));
}
