import type { CallFailure } from '../check/ports/network-watcher.ts';

/** What was looked up, or why it could not be. */
export type LookedUp = { readonly kind: 'found'; readonly value: string } | CallFailure;

/** Answers from memory, or loads; loads under way are shared. */
export type ExpiringCache = (key: string, load: () => Promise<LookedUp>) => Promise<LookedUp>;

/** Keeps what was found for a while, failures never. The oldest goes when it is full. */
export function expiringCache(deps: { now: () => Date; ttlMs: number; maxEntries: number }): ExpiringCache {
  const kept = new Map<string, { readonly looked: LookedUp; readonly since: number }>();
  const loading = new Map<string, Promise<LookedUp>>();

  const keep = (key: string, looked: LookedUp) => {
    if (looked.kind !== 'found') return;
    kept.delete(key);
    for (const oldest of kept.keys()) {
      if (kept.size < deps.maxEntries) break;
      kept.delete(oldest);
    }
    kept.set(key, { looked, since: deps.now().getTime() });
  };

  const load = async (key: string, loader: () => Promise<LookedUp>) => {
    try {
      const looked = await loader();
      keep(key, looked);
      return looked;
    } finally {
      loading.delete(key);
    }
  };

  return (key, loader) => {
    const entry = kept.get(key);
    // A clock that was set back makes an entry's age negative; it must not live longer for that.
    const age = entry === undefined ? -1 : deps.now().getTime() - entry.since;
    if (entry !== undefined && age >= 0 && age < deps.ttlMs) return Promise.resolve(entry.looked);
    const shared = loading.get(key) ?? load(key, loader);
    loading.set(key, shared);
    return shared;
  };
}
