import { answeredPairs } from './answered-pairs.ts';
import type { Pair } from './pair.ts';
import { type Resource, resources } from './resources.ts';
import { troublePairs } from './trouble-pairs.ts';

export interface NetworkWatcher {
  readonly id: string;
  readonly location: string;
}

export interface World {
  readonly watchers: readonly NetworkWatcher[];
  readonly resources: readonly Resource[];
  /** Subscriptions that are there and that the identity may not read. */
  readonly closed: readonly string[];
  readonly pairs: readonly Pair[];
}

const groups = {
  main: '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups',
  partner: '/subscriptions/00000000-0000-4000-8000-00000000000b/resourceGroups',
};
const watcher = (group: string, name: string, location: string): NetworkWatcher => ({
  id: `${group}/providers/Microsoft.Network/networkWatchers/${name}`,
  location,
});

/** All that the simulator knows: two subscriptions that can be read and one that cannot, three regions, and what is special about which check. */
export const world: World = {
  // Names and groups can be anything, so these can hardly be guessed.
  watchers: [
    watcher(`${groups.main}/rg-operations`, 'eyes-of-the-west', 'westeurope'),
    watcher(`${groups.main}/legacy_monitoring.2019`, 'nw(1)', 'northeurope'),
    watcher(`${groups.main}/rg-shop`, 'do_not_delete', 'eastus2'),
    watcher(`${groups.partner}/Default-Network-EastUS2`, 'observer', 'eastus2'),
  ],
  resources: Object.values(resources),
  closed: ['00000000-0000-4000-8000-00000000000c'],
  pairs: [...answeredPairs, ...troublePairs],
};
