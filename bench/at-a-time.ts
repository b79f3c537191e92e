import { readFileSync } from 'node:fs';

const hostJson = JSON.parse(readFileSync(new URL('../host.json', import.meta.url), 'utf8'));
const { batchSize, newBatchThreshold } = hostJson.extensions.queues as Record<string, number>;

/** As many messages as one instance works on at a time. */
export const atATime = batchSize! + newBatchThreshold!;
