import { z } from 'zod';

// Azure's enums are open and its answers carry undocumented members: every word is accepted, unknown members are kept,
// and a member of the wrong kind counts as absent, so that no answer of ARM's can make a check fail.
const text = z.string().optional().catch(undefined);
const count = z.number().optional().catch(undefined);

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .catch([])
    .default([])
    .transform((items) =>
      items.flatMap((entry) => {
        const parsed = item.safeParse(entry);
        return parsed.success ? [parsed.data] : [];
      }),
    );

const issueSchema = z.looseObject({
  origin: text,
  severity: text,
  type: text,
  context: list(z.looseObject({ key: text, value: text })),
});
export type ConnectivityIssue = z.infer<typeof issueSchema>;

const linkSchema = z.looseObject({ nextHopId: text, linkType: text, resourceId: text, issues: list(issueSchema) });

const hopSchema = z.looseObject({
  type: text,
  id: text,
  address: text,
  resourceId: text,
  nextHopIds: list(z.string()),
  links: list(linkSchema),
  previousLinks: list(linkSchema),
  issues: list(issueSchema),
});
export type ConnectivityHop = z.infer<typeof hopSchema>;

/** Azure's ConnectivityInformation, read with forgiveness; the raw answer is kept whole beside it. */
export const connectivityInformationSchema = z.looseObject({
  hops: list(hopSchema),
  connectionStatus: text,
  avgLatencyInMs: count,
  minLatencyInMs: count,
  maxLatencyInMs: count,
  probesSent: count,
  probesFailed: count,
});
export type ConnectivityInformation = z.infer<typeof connectivityInformationSchema>;
