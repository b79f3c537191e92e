import { startAzurite } from '../stand-ins/storage/azurite.ts';
import { startFaultyAzure } from '../test/support/faults/faulty-azure.ts';
import { polled } from './checks.ts';

export interface Joining {
  readonly what: string;
  readonly checks: number;
  /** To Azure Resource Manager, to begin an operation. */
  readonly posts: number;
  readonly polls: number;
  /** Of the app and the host, for one check. */
  readonly storage: number;
  readonly messages: number;
  /** From the first request to the last result. */
  readonly seconds: number;
}

const CHECKS = 20;

/** What it costs that many ask the same at once, and what it costs that each asks something else. */
export async function joining(): Promise<Joining[]> {
  const azurite = await startAzurite();
  // Twenty times as fast as Azure, an operation takes 3 to 4 s and is polled every second.
  const azure = await startFaultyAzure(azurite.connectionString, { speed: 20 });
  try {
    const app = await azure.start();
    // The first check of all makes tables and queue.
    await azure.ask(app, 'first', polled);
    await azure.settle(app);

    const measure = async (what: string, bodyOf: (i: number) => object): Promise<Joining> => {
      await azure.handled();
      const [mark, begun] = [azure.trace.log.length, performance.now()];
      const asked = Array.from({ length: CHECKS }, (_, i) => azure.ask(app, `${what} ${i}`, bodyOf(i)));
      await Promise.all(asked);
      // A source that is busy refuses, and different checks take turns.
      await azure.settle(app, { withinSeconds: 600 });
      const seconds = (performance.now() - begun) / 1000;
      await azure.handled();
      const log = azure.trace.log.slice(mark).filter(({ checkIds }) => checkIds.length > 0);
      const count = (operation: string) => log.filter((io) => io.operation === operation).length;
      const storage = log.filter(({ service }) => service !== 'arm').length;
      return {
        ...{ what, checks: CHECKS, posts: count('begin'), polls: count('poll') },
        ...{
          storage: oneDigit(storage / CHECKS),
          messages: oneDigit(count('send') / CHECKS),
          seconds: oneDigit(seconds),
        },
      };
    };

    return [
      await measure('equal checks', () => polled),
      await measure('different checks', (i) => ({ ...polled, destination: { ...polled.destination, port: 2000 + i } })),
    ];
  } finally {
    await azure.stop();
    await azurite.stop();
  }
}

const oneDigit = (value: number): number => Math.round(value * 10) / 10;
