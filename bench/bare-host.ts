import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BareCalls, BareMessage } from './bare-calls.ts';

const hostJson = JSON.parse(readFileSync(new URL('../host.json', import.meta.url), 'utf8'));
const { batchSize, newBatchThreshold } = hostJson.extensions.queues as Record<string, number>;

/** As many messages as one instance works on at a time. */
export const atATime = batchSize! + newBatchThreshold!;

/** Until the Functions host asks an empty queue again for the first time. */
const EMPTY_MILLISECONDS = 100;

/** Takes messages as the Functions host does, so many in all, and ends their checks. */
export async function bareHost(bare: BareCalls, count: number): Promise<void> {
  const running = new Set<Promise<void>>();
  const work = async ({ check, remove }: BareMessage) => {
    await bare.lastStep(check);
    await remove();
  };
  for (let taken = 0; taken < count;) {
    const messages = await bare.receive(batchSize!);
    taken += messages.length;
    for (const message of messages) {
      const task = work(message).finally(() => running.delete(task));
      running.add(task);
    }
    if (messages.length === 0) await sleep(EMPTY_MILLISECONDS);
    while (running.size > newBatchThreshold!) await Promise.race(running);
  }
  await Promise.all(running);
}
