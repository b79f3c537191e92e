/** Answers from memory, or loads, as always where it is to be `fresh`; loads under way are shared. */
export type ExpiringCache<T> = (key: string, load: () => Promise<T>, fresh?: boolean) => Promise<T>;

/** Keeps what was found for a while, failures never. The oldest goes when it is full. */
export function expiringCache<T extends { readonly kind: string }>(deps: {
  now: () => Date;
  ttlMs: number;
  maxEntries: number;
}): ExpiringCache<T> {
  const kept = new Map<string, { readonly value: T; readonly since: number }>();
  const loading = new Map<string, Promise<T>>();

  const keep = (key: string, value: T) => {
    if (value.kind !== 'found') return;
    kept.delete(key);
    for (const oldest of kept.keys()) {
      if (kept.size < deps.maxEntries) break;
      kept.delete(oldest);
    }
    kept.set(key, { value, since: deps.now().getTime() });
  };

  const load = async (key: string, loader: () => Promise<T>) => {
    try {
      const value = await loader();
      keep(key, value);
      return value;
    } finally {
      loading.delete(key);
    }
  };

  return (key, loader, fresh = false) => {
    const entry = fresh ? undefined : kept.get(key);
    // A clock that was set back makes an entry's age negative; it must not live longer for that.
    const age = entry === undefined ? -1 : deps.now().getTime() - entry.since;
    if (entry !== undefined && age >= 0 && age < deps.ttlMs) return Promise.resolve(entry.value);
    const shared = loading.get(key) ?? load(key, loader);
    loading.set(key, shared);
    return shared;
  };
}
