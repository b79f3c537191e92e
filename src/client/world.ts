/** What the client takes from where it runs. */
export interface World {
  readonly now: () => Date;
  readonly random: () => number;
  readonly newId: () => string;
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** Node and browsers alike. */
export const world: World = {
  now: () => new Date(),
  random: () => Math.random(),
  newId: () => crypto.randomUUID(),
  sleep: (milliseconds, signal) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const pause = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    return unlessAborted(signal, pause).finally(() => {
      clearTimeout(timer);
    });
  },
};

/** What the work comes to; throws the signal's reason as soon as that is aborted. */
export async function unlessAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (!signal) return work;
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    await Promise.race([aborted, work]);
    signal.throwIfAborted();
    return await work;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
