// ARM's token buckets, by subscription: size and refill a second.
const buckets = { reads: { size: 250, refill: 25 }, writes: { size: 200, refill: 10 } };

export type RateHeaders = (kind: 'reads' | 'writes', subscription: string) => Record<string, string>;

/**
 * What is left, as ARM tells it. Told, not enforced: being throttled is a declared pair, and a load test is to measure
 * its client.
 */
export function createRateHeaders({ now }: { readonly now: () => number }): RateHeaders {
  const levels = new Map<string, { left: number; at: number }>();
  return (kind, subscription) => {
    const { size, refill } = buckets[kind];
    const key = `${kind} ${subscription}`;
    const { left, at } = levels.get(key) ?? { left: size, at: now() };
    const level = { left: Math.max(0, Math.min(size, left + ((now() - at) / 1000) * refill) - 1), at: now() };
    // Anything may stand where a subscription should; what is unknown is not worth memory.
    if (levels.has(key) || levels.size < 100) levels.set(key, level);
    return { [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(Math.floor(level.left)) };
  };
}
