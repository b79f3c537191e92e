/** How long to wait before a queue is asked again. */
export interface BackOff {
  /** The next wait in milliseconds, longer each time. */
  next(): number;
  reset(): void;
}

/** The Functions host's own: `first`, then doubling steps that vary by a fifth, up to `longest`; milliseconds. */
export function createBackOff({
  first,
  longest,
  random,
}: {
  readonly first: number;
  readonly longest: number;
  readonly random: () => number;
}): BackOff {
  let tries = 0;
  return {
    next() {
      const step = tries === 0 ? 0 : 2 ** (tries - 1) * first * (0.8 + 0.4 * random());
      tries += 1;
      return Math.min(first + step, Math.max(first, longest));
    },
    reset() {
      tries = 0;
    },
  };
}
