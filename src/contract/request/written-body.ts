import { z } from 'zod';

const members = z.record(z.string(), z.unknown()).catch({});
const writtenBodySchema = z.object({
  source: members,
  destination: members,
  protocol: z.unknown().optional(),
  protocolConfiguration: members,
  networkWatcher: z.unknown().optional(),
});

/** The body as it was sent, as far as it can be read: a fault in one field is no reason to overlook those of others. */
export type WrittenBody = z.infer<typeof writtenBodySchema>;

export const readWrittenBody = (body: unknown): WrittenBody | undefined => writtenBodySchema.safeParse(body).data;

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
