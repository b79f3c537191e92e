import { useCallback, useEffect, useState } from 'preact/hooks';
import { NetcheckError } from '../../client/netcheck-error.ts';
import { SignInError } from '../../sign-in/sign-in-error.ts';

export interface Watched<T> {
  readonly state?: T;
  /** Why nothing newer is known. Where it is a matter of the network, it is tried again. */
  readonly error?: unknown;
  /** Looks at once, and follows on. */
  readonly lookAgain: () => void;
}

interface Watching<T> {
  /** Holds the answer for up to so many seconds while nothing changes. */
  readonly get: (waitSeconds: number, signal: AbortSignal) => Promise<T>;
  readonly hasEnded: (state: T) => boolean;
  /** For how many seconds an answer may be held after this one; absent: as long as is usual. */
  readonly holdAfter?: (state: T) => number | undefined;
}

type Known<T> = Omit<Watched<T>, 'lookAgain'>;

const HOLD_SECONDS = 25;
const PAUSE_SECONDS = 2;
const LONGEST_PAUSE_SECONDS = 60;

/**
 * Follows one thing to its end: one held request at a time, none in a hidden tab, and again where the network or the machine
 * was away. What is known stays while it is looked at again.
 */
export function useWatched<T>(watching: Watching<T>): Watched<T> {
  const [known, setKnown] = useState<Known<T>>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setKnown(withoutError);
    void follow(watching, setKnown, stop.signal);
    return () => {
      stop.abort();
    };
  }, [round]);
  const lookAgain = useCallback(() => {
    setRound((before) => before + 1);
  }, []);
  return { ...known, lookAgain };
}

const withoutError = <T>({ state }: Known<T>): Known<T> => (state === undefined ? {} : { state });

async function follow<T>(
  { get, hasEnded, holdAfter }: Watching<T>,
  tell: (change: (before: Known<T>) => Known<T>) => void,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  for (let hold = 0; !signal.aborted;) {
    await shown(signal);
    const round = whileShown(signal);
    try {
      // The proxy holds few answers for one person; one that it does not hold comes at once.
      const least = hold > 0 ? pause(PAUSE_SECONDS, round.signal) : undefined;
      const state = await get(hold, round.signal);
      failures = 0;
      tell(() => ({ state }));
      if (hasEnded(state)) return;
      await least;
      hold = holdAfter?.(state) ?? HOLD_SECONDS;
    } catch (error) {
      if (round.signal.aborted) continue;
      tell((before) => ({ ...before, error }));
      if (!isPassing(error)) return;
      await pause(pauseAfter(error, failures), signal);
      failures += 1;
      hold = 0;
    } finally {
      round.end();
    }
  }
}

/** The network is away, or the proxy or the authority has trouble: it will be back. */
function isPassing(error: unknown): boolean {
  if (error instanceof SignInError) return error.code !== 'NotSignedIn';
  return error instanceof NetcheckError && (error.code === 'NoAnswer' || error.status >= 500 || error.status === 429);
}

/** What was said, or longer each time. */
function pauseAfter(error: unknown, failures: number): number {
  const said = error instanceof NetcheckError ? error.retryAfterSeconds : undefined;
  return said ?? Math.min(LONGEST_PAUSE_SECONDS, PAUSE_SECONDS * 2 ** failures);
}

async function shown(signal: AbortSignal): Promise<void> {
  while (document.hidden && !signal.aborted) await once(document, 'visibilitychange', signal);
}

/** A signal that is aborted, too, when the tab is hidden before its end. */
function whileShown(signal: AbortSignal): { readonly signal: AbortSignal; readonly end: () => void } {
  const over = new AbortController();
  const hide = new AbortController();
  const look = () => {
    if (document.hidden) hide.abort();
  };
  document.addEventListener('visibilitychange', look, { signal: over.signal });
  return {
    signal: AbortSignal.any([signal, hide.signal]),
    end: () => {
      over.abort();
    },
  };
}

/** So long, or until the network is back. */
async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(1000 * seconds)]);
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
