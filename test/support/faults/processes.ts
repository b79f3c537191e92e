import type { FaultyApp } from './faulty-azure.ts';

export interface Kill {
  /** Of the process; one that is started in its place has another. */
  readonly name: string;
  readonly at: number;
}

/** Processes of the app at one storage. One that is killed is started again at once. */
export async function startProcesses(
  count: number,
  start: (name: string, place: number) => Promise<FaultyApp>,
  random: () => number,
) {
  const living = new Map<string, FaultyApp>();
  const starting = new Set<Promise<void>>();
  const kills: Kill[] = [];
  let starts = 0;
  const fill = (place: number): Promise<void> => {
    const name = `${place}.${++starts}`;
    const started = start(name, place).then((app) => {
      living.set(name, app);
    });
    starting.add(started);
    return started.finally(() => starting.delete(started));
  };
  await Promise.all(Array.from({ length: count }, (_, place) => fill(place)));

  const any = (): string | undefined => [...living.keys()][Math.floor(random() * living.size)];
  return {
    kills,
    any,
    /** By chance; none where all are about to start. */
    anyApp: (): FaultyApp | undefined => living.get(any() ?? ''),
    isThere: (name: string): boolean => living.has(name),
    kill(name: string): void {
      const app = living.get(name);
      if (!app) return;
      living.delete(name);
      kills.push({ name, at: Date.now() });
      void app.kill();
      void fill(Number(name.split('.')[0]));
    },
    /** Ends all, for good. */
    async end(): Promise<void> {
      await Promise.allSettled(starting);
      await Promise.all([...living.values()].map((app) => app.kill()));
      living.clear();
    },
  };
}

export type Processes = Awaited<ReturnType<typeof startProcesses>>;
