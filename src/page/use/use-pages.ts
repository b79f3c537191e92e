import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { List, Page } from '../../client/client.ts';

export interface Pages<T> {
  /** What was read so far. */
  readonly values: readonly T[];
  readonly error?: unknown;
  readonly isAsking: boolean;
  /** Reads the next page, unless one is being read; absent at the end. */
  readonly more?: () => void;
  /** Reads from the begin. */
  readonly again: () => void;
}

type State<T> = Omit<Pages<T>, 'more' | 'again'> & { readonly hasMore: boolean };

/** A list that is read page by page as far as somebody looks; from its begin where one of `inputs` changes. */
export function usePages<T>(list: (signal: AbortSignal) => List<T>, inputs: readonly unknown[]): Pages<T> {
  const [state, setState] = useState<State<T>>({ values: [], isAsking: true, hasMore: false });
  const [round, setRound] = useState(0);
  const next = useRef<() => void>(() => undefined);
  useEffect(() => {
    const stop = new AbortController();
    const pages = list(stop.signal).pages()[Symbol.asyncIterator]();
    let isUnderWay = false;
    next.current = () => {
      if (isUnderWay) return;
      isUnderWay = true;
      setState((before) => ({ values: before.values, isAsking: true, hasMore: before.hasMore }));
      readOn(pages).then(
        ({ values, hasMore }) => {
          if (stop.signal.aborted) return;
          isUnderWay = false;
          setState((before) => ({ values: [...before.values, ...values], isAsking: false, hasMore }));
        },
        (error: unknown) => {
          if (!stop.signal.aborted) setState(({ values }) => ({ values, error, isAsking: false, hasMore: false }));
        },
      );
    };
    setState({ values: [], isAsking: true, hasMore: false });
    next.current();
    return () => {
      stop.abort();
    };
  }, [...inputs, round]);
  const again = useCallback(() => {
    setRound((before) => before + 1);
  }, []);
  const { hasMore, ...shown } = state;
  return { ...shown, again, ...(hasMore && { more: next.current }) };
}

/** A page can be empty, and others behind it. */
async function readOn<T>(pages: AsyncIterator<Page<T>>): Promise<{ values: readonly T[]; hasMore: boolean }> {
  for (;;) {
    const read = await pages.next();
    if (read.done === true) return { values: [], hasMore: false };
    const { value, nextLink } = read.value;
    const hasMore = nextLink !== undefined;
    if (value.length > 0 || !hasMore) return { values: value, hasMore };
  }
}
