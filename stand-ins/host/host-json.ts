import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** `hh:mm:ss` or `d.hh:mm:ss`, as .NET writes a time span; in milliseconds. */
const timeSpan = z
  .string()
  .regex(/^(?:\d+\.)?\d{1,2}:\d{1,2}:\d{1,2}$/, 'is no time span: write hh:mm:ss')
  .transform((text) => {
    const [seconds = 0, minutes = 0, hours = 0, days = 0] = text.split(/[.:]/).reverse().map(Number);
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  });

const queuesSchema = z
  .object({
    batchSize: z.int().min(1).max(32).default(16),
    newBatchThreshold: z.int().min(0).optional(),
    maxDequeueCount: z.int().min(1).default(5),
    visibilityTimeout: timeSpan.default(0),
    maxPollingInterval: timeSpan.default(60_000),
    messageEncoding: z.enum(['base64', 'none']).default('base64'),
  })
  .transform(({ newBatchThreshold, ...rest }) => ({
    ...rest,
    newBatchThreshold: newBatchThreshold ?? Math.floor(rest.batchSize / 2),
  }));

/** Times in milliseconds; defaults: https://learn.microsoft.com/azure/azure-functions/functions-host-json */
export type QueueSettings = z.infer<typeof queuesSchema>;

const hostJsonSchema = z.object({
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      queues: queuesSchema.prefault({}),
    })
    .prefault({}),
});

/** What the host needs of host.json; members that it does not know are the platform's. */
export function readHostJson(appFolder: string): { routePrefix: string; queues: QueueSettings } {
  const path = join(appFolder, 'host.json');
  const parsed = hostJsonSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path} cannot be used:\n${z.prettifyError(parsed.error)}`);
  const { http, queues } = parsed.data.extensions;
  return { routePrefix: http.routePrefix, queues };
}
