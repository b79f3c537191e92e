// The bare calls in a process of their own, as the app is: it gets ready, waits for a word, works, and says so.
import { once } from 'node:events';
import { bareArm, bareCalls } from './bare-calls.ts';
import { atATime, bareHost } from './bare-host.ts';
import { inParallel } from './in-parallel.ts';
import { operationUrlOf } from './polled-arm.ts';

export interface BareWork {
  readonly connectionString: string;
  readonly queueName: string;
  readonly armUrl: string;
  readonly checks: number;
  /**
   * `whole`: checks are submitted and worked on at the same time, and ARM answers at once. `last poll`: all are under way
   * already, with their messages in the queue.
   */
  readonly work: 'whole' | 'last poll';
}

const WARM_UP = 50;

const { connectionString, queueName, armUrl, checks, work }: BareWork = JSON.parse(process.argv[2] ?? '');
const operationUrl = operationUrlOf(armUrl, '/operationResults/x', 2);
const arm = work === 'whole' ? bareArm(armUrl) : async () => (await fetch(operationUrl)).text();
const bare = await bareCalls({ connectionString, queueName, arm });
const whole = (count: number) => Promise.all([inParallel(count, atATime, () => bare.submit()), bareHost(bare, count)]);

process.on('disconnect', () => process.exit());
if (work === 'whole') await whole(WARM_UP);
else await inParallel(checks, atATime, async () => bare.begin(await bare.submit(), operationUrl));
process.send?.('ready');
await once(process, 'message');
await (work === 'whole' ? whole(checks) : bareHost(bare, checks));
process.send?.('done');
