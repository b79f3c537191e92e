import type { ResourceId } from '../arm/resource-id.ts';
import type { CallIds } from '../arm/call-ids.ts';

/** A network watcher, and where it is. */
export interface Watcher {
  readonly resourceId: string;
  /** In one spelling, such as `westeurope`. */
  readonly region: string;
}

/** What Azure says; `none`: there is no such thing, or the proxy's identity may not see it. */
export type Place<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'none' }
  /** It could not be found out now. `code` is Azure's. */
  | { readonly kind: 'unknown'; readonly code: string };

/** Where machines and watchers are. No method throws for what Azure answers. */
export interface Places {
  /** The region of a virtual machine. */
  readonly regionOf: (machine: ResourceId, ids: CallIds) => Promise<Place<string>>;
  /** All network watchers of a subscription. */
  readonly watchersOf: (subscription: string, ids: CallIds) => Promise<Place<readonly Watcher[]>>;
}
