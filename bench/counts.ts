import { startAzurite } from '../stand-ins/storage/azurite.ts';
import { startFaultyAzure } from '../test/support/faults/faulty-azure.ts';
import type { Io } from '../test/support/faults/io-trace.ts';
import { answeredAtOnce, polled } from './checks.ts';

export interface Count {
  readonly what: string;
  /** Of the app's own. */
  readonly app: number;
  /** Those among them that would not be without an audit: events are announced and written. */
  readonly ofAudit: number;
  /** Of the Functions host: to receive the message and to remove it. */
  readonly host: number;
  /** Both together. */
  readonly storage: number;
  /** What is aimed at, where something is. */
  readonly atMost?: number;
  readonly arm: number;
}

const countOf = (what: string, log: readonly Io[], atMost?: number): Count => {
  const isHost = (io: Io) => io.operation === 'receive' || io.operation === 'delete';
  const arm = log.filter(({ service }) => service === 'arm').length;
  const host = log.filter(isHost).length;
  const ofAudit = log.filter(({ operation }) => operation === 'announce' || operation === 'append event').length;
  const storage = log.length - arm;
  return { what, app: storage - host, ofAudit, host, storage, ...(atMost !== undefined && { atMost }), arm };
};

/** A step begins with the receipt of its message; what comes before the first is the submission. */
function stepsIn(log: readonly Io[]): Io[][] {
  const steps: Io[][] = [[]];
  for (const io of log) {
    if (io.operation === 'receive') steps.push([]);
    steps.at(-1)?.push(io);
  }
  return steps;
}

/** How often storage and ARM are asked for one check, counted by a proxy. */
export async function counts(): Promise<Count[]> {
  // Twenty times as fast as Azure, an operation takes 3 to 4 s and is polled every second.
  const azurite = await startAzurite();
  const azure = await startFaultyAzure(azurite.connectionString, { speed: 20 });
  try {
    const app = await azure.start();
    // The first check of all makes tables and queue.
    for (const key of ['first', 'at once', 'polled']) {
      await azure.ask(app, key, key === 'polled' ? polled : answeredAtOnce);
      await azure.settle(app);
      await azure.handled();
    }
    const logOf = (key: string) => azure.trace.log.filter(({ checkIds }) => checkIds.includes(azure.checkIdOf(key)));
    // Every check here is asked for with an idempotency key, whose row is looked up first: counted apart.
    const [, ...atOnce] = logOf('at once');
    const [submission = [], ...steps] = stepsIn(logOf('polled').slice(1));
    return [
      countOf('a check that ARM answers at once', atOnce, 12),
      countOf('  to submit it', submission),
      countOf('an idempotency key', logOf('at once').slice(0, 1)),
      countOf('the step that begins an operation', steps[0] ?? []),
      countOf('a poll', steps[1] ?? [], 5),
      countOf('the last poll, with the result', steps.at(-1) ?? [], 5),
      countOf(`a check that is polled ${steps.length - 1} times`, logOf('polled').slice(1)),
    ];
  } finally {
    await azure.stop();
    await azurite.stop();
  }
}
