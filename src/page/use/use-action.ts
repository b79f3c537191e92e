import { useEffect, useRef, useState } from 'preact/hooks';

/** Something that a person does, once at a time, and why it did not work. */
export interface Action<Given extends readonly unknown[] = []> {
  readonly run: (...given: Given) => void;
  readonly isBusy: boolean;
  readonly error: unknown;
}

/**
 * `act` is told by its signal that the person has left. `then` shows what came of it, or goes there: only to somebody who is
 * still here.
 */
export function useAction<T, Given extends readonly unknown[] = []>(
  act: (signal: AbortSignal, ...given: Given) => Promise<T>,
  then: (value: T) => void = () => undefined,
): Action<Given> {
  const [state, setState] = useState<Omit<Action, 'run'>>({ isBusy: false, error: undefined });
  const isUnderWay = useRef(false);
  const left = useRef(new AbortController());
  useEffect(
    () => () => {
      left.current.abort();
    },
    [],
  );
  const run = (...given: Given) => {
    // The next click can come before the button is drawn anew.
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    const { signal } = left.current;
    const end = (error: unknown) => {
      isUnderWay.current = false;
      if (!signal.aborted) setState({ isBusy: false, error });
    };
    setState({ isBusy: true, error: undefined });
    act(signal, ...given).then((value) => {
      end(undefined);
      if (!signal.aborted) then(value);
    }, end);
  };
  return { run, ...state };
}
