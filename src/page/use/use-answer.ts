import { useCallback, useEffect, useState } from 'preact/hooks';

/** What a call came to. An answer stays while it is asked for again. */
export interface Asked<T> {
  readonly answer?: T;
  readonly error?: unknown;
  readonly isAsking: boolean;
  readonly again: () => void;
}

/** Asks when the view is shown, and again where one of `inputs` changes; what is no longer wanted is given up. */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, inputs: readonly unknown[]): Asked<T> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<Omit<Asked<T>, 'again'>>({ isAsking: true });
  useEffect(() => {
    const stop = new AbortController();
    setState(({ answer }) => ({ ...(answer !== undefined && { answer }), isAsking: true }));
    ask(stop.signal).then(
      (answer) => {
        if (!stop.signal.aborted) setState({ answer, isAsking: false });
      },
      (error: unknown) => {
        if (!stop.signal.aborted)
          setState(({ answer }) => ({ ...(answer !== undefined && { answer }), error, isAsking: false }));
      },
    );
    return () => {
      stop.abort();
    };
  }, [...inputs, round]);
  const again = useCallback(() => {
    setRound((before) => before + 1);
  }, []);
  return { ...state, again };
}
