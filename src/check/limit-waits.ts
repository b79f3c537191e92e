/** Runs the wait, unless too many waits of this key are under way in this process: then it answers `undefined` at once. */
export type LimitWaits = <T>(key: string, wait: () => Promise<T>) => Promise<T | undefined>;

/** Each held answer reads storage again and again, and keeps one of the instance's places for requests. */
const MOST_WAITING = 10;

/**
 * Keeps one requester from holding so many answers that the instance has no place for anybody else.
 * docs/decisions.md#ten-held-answers-for-a-requester-and-instance
 */
export function createLimitWaits(most = MOST_WAITING): LimitWaits {
  const waiting = new Map<string, number>();
  return async (key, wait) => {
    const before = waiting.get(key) ?? 0;
    if (before >= most) return undefined;
    waiting.set(key, before + 1);
    try {
      return await wait();
    } finally {
      const left = (waiting.get(key) ?? 0) - 1;
      if (left > 0) waiting.set(key, left);
      else waiting.delete(key);
    }
  };
}
