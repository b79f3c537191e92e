import { submit } from '../src/check/submit.ts';
import { startAzurite } from '../stand-ins/storage/azurite.ts';
import { countedWorld } from '../test/support/memory/counted-world.ts';
import { askedOf } from '../test/support/memory/memory-proxy.ts';
import { asking, productOf, range, setOf } from '../test/support/memory/set-world.ts';

export interface SetCost {
  readonly what: string;
  /** Requests to tables, and messages that are sent, from the first to the last of all checks. */
  readonly requests: number;
  /** Beside as many checks that are asked for one by one. */
  readonly ratio: number;
  /** What is aimed at, where something is. */
  readonly atMost?: number;
}

const SIZE = 200;
/** So many of a source are under way at once. */
const AT_ONCE = 5;

/** Storage operations of a set beside those of its checks, each asked for alone. A check takes Azure 60 s, and is polled once. */
export async function sets(): Promise<SetCost[]> {
  const azurite = await startAzurite();
  try {
    const world = countedWorld(azurite.connectionString);
    const requestsFrom = (sources: number) =>
      productOf(
        range(sources).map((i) => `vm-${i}`),
        range(SIZE / sources),
      );
    const alone = requestsFrom(SIZE / AT_ONCE);
    const askAlone = async (some: typeof alone) => {
      for (const request of some) await submit(world.deps, asking(), { asked: askedOf(request) });
      await world.work();
    };
    // The first request makes the tables.
    await askAlone(alone.slice(0, 1));
    const singles = await world.of(() => askAlone(alone));
    const costOf = async (what: string, sources: number, atMost?: number): Promise<SetCost> => {
      const requests = await world.of(async () => {
        await world.create(setOf(requestsFrom(sources)));
        await world.work();
      });
      return { what, requests, ratio: requests / singles, ...(atMost !== undefined && { atMost }) };
    };
    return [
      { what: `${SIZE} checks, one by one`, requests: singles, ratio: 1 },
      await costOf(`a set of ${SIZE}, of which none has to wait`, SIZE / AT_ONCE, 1.1),
      await costOf(`a set of ${SIZE} from ten sources, in four rounds`, 10),
    ];
  } finally {
    await azurite.stop();
  }
}
