import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** `hh:mm:ss` or `hh:mm:ss.fff`, as .NET writes a time span; in milliseconds. */
const timeSpan = z
  .string()
  .regex(/^\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,7})?$/, 'is no time span: write hh:mm:ss')
  .transform((text) => {
    const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
    return Math.round(((hours * 60 + minutes) * 60 + seconds) * 1000);
  });

/** The Functions host takes no shorter one: it asks no queue more often. */
const SHORTEST_POLLING_MS = 100;

const queuesSchema = z
  .object({
    batchSize: z.int().min(1).max(32).default(16),
    newBatchThreshold: z.int().min(0).optional(),
    maxDequeueCount: z.int().min(1).default(5),
    visibilityTimeout: timeSpan.default(0),
    maxPollingInterval: timeSpan
      .refine((interval) => interval >= SHORTEST_POLLING_MS, 'is under 00:00:00.1, the shortest that the host takes')
      .default(60_000),
    messageEncoding: z.literal('base64', 'the local host reads base64 alone').default('base64'),
  })
  .transform(({ newBatchThreshold, ...rest }) => ({
    ...rest,
    newBatchThreshold: newBatchThreshold ?? Math.floor(rest.batchSize / 2),
  }));

/** Times in milliseconds; defaults: https://learn.microsoft.com/azure/azure-functions/functions-host-json */
export type QueueSettings = z.infer<typeof queuesSchema>;

const hostJsonSchema = z.object({
  extensionBundle: z.object({ id: z.string(), version: z.string() }).optional(),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      queues: queuesSchema.prefault({}),
    })
    .prefault({}),
});

export interface HostJson {
  readonly routePrefix: string;
  readonly queues: QueueSettings;
  /** Without an extension bundle the host knows HTTP and timers alone. */
  readonly hasBundle: boolean;
}

/** What the host needs of host.json; members that it does not know are the platform's. */
export function readHostJson(appFolder: string): HostJson {
  const path = join(appFolder, 'host.json');
  const parsed = hostJsonSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path} cannot be used:\n${z.prettifyError(parsed.error)}`);
  const { extensionBundle, extensions } = parsed.data;
  const { http, queues } = extensions;
  return { routePrefix: http.routePrefix, queues, hasBundle: extensionBundle !== undefined };
}
