import { useEffect, useState } from 'preact/hooks';
import { NetcheckError } from '../../client/netcheck-error.ts';

export interface Watched<T> {
  readonly state?: T;
  /** Why nothing newer is known. Where it is a matter of the network, it is tried again. */
  readonly error?: unknown;
}

interface Watching<T> {
  /** Holds the answer for up to so many seconds while nothing changes. */
  readonly get: (waitSeconds: number, signal: AbortSignal) => Promise<T>;
  readonly hasEnded: (state: T) => boolean;
  /** For how many seconds an answer may be held after this one; absent: as long as is usual. */
  readonly holdAfter?: (state: T) => number | undefined;
}

const HOLD_SECONDS = 25;
const PAUSE_MILLISECONDS = 2000;

/**
 * Follows something to its end: one held request at a time, none in a hidden tab, and again where the network or the
 * machine was away.
 */
export function useWatched<T>(watching: Watching<T>, inputs: readonly unknown[]): Watched<T> {
  const [watched, setWatched] = useState<Watched<T>>({});
  useEffect(() => {
    const stop = new AbortController();
    setWatched({});
    void follow(watching, setWatched, stop.signal);
    return () => {
      stop.abort();
    };
  }, inputs);
  return watched;
}

async function follow<T>(
  { get, hasEnded, holdAfter }: Watching<T>,
  tell: (change: (before: Watched<T>) => Watched<T>) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let hold = 0; !signal.aborted;) {
    await visible(signal);
    const round = AbortSignal.any([signal, hidden()]);
    // The proxy holds few answers for one person; one that it does not hold comes at once.
    const least = hold > 0 ? pause(round) : undefined;
    try {
      const state = await get(hold, round);
      tell(() => ({ state }));
      if (hasEnded(state)) return;
      await least;
      hold = holdAfter?.(state) ?? HOLD_SECONDS;
    } catch (error) {
      if (round.aborted) continue;
      tell((before) => ({ ...before, error }));
      if (!isPassing(error)) return;
      await pause(signal);
      hold = 0;
    }
  }
}

/** The network is away, or the proxy has trouble: it will be back. */
const isPassing = (error: unknown): boolean =>
  error instanceof NetcheckError && (error.code === 'NoAnswer' || error.status >= 500 || error.status === 429);

async function visible(signal: AbortSignal): Promise<void> {
  while (document.hidden && !signal.aborted) await once(document, 'visibilitychange', signal);
}

/** Aborts when the tab is hidden. */
function hidden(): AbortSignal {
  const stop = new AbortController();
  const look = () => {
    if (!document.hidden) return;
    document.removeEventListener('visibilitychange', look);
    stop.abort();
  };
  document.addEventListener('visibilitychange', look);
  return stop.signal;
}

/** A little, or until the network is back. */
async function pause(signal: AbortSignal): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(PAUSE_MILLISECONDS)]);
  await once(window, 'online', over);
}

function once(target: EventTarget, name: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      target.removeEventListener(name, end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    target.addEventListener(name, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
