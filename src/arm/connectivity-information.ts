import { z } from 'zod';
import { forgivingList } from './forgiving-list.ts';

// Azure's enums are open and its answers carry undocumented members: every word is accepted, unknown members are kept,
// and a member of the wrong kind counts as absent, so that no answer of ARM's can make a check fail.
const text = z.string().optional().catch(undefined);
const count = z.number().optional().catch(undefined);

const issueSchema = z.looseObject({
  origin: text,
  severity: text,
  type: text,
  context: forgivingList(z.looseObject({ key: text, value: text })),
});
export type ConnectivityIssue = z.infer<typeof issueSchema>;

const linkSchema = z.looseObject({
  nextHopId: text,
  linkType: text,
  resourceId: text,
  issues: forgivingList(issueSchema),
});

const hopSchema = z.looseObject({
  type: text,
  id: text,
  address: text,
  resourceId: text,
  nextHopIds: forgivingList(z.string()),
  links: forgivingList(linkSchema),
  previousLinks: forgivingList(linkSchema),
  issues: forgivingList(issueSchema),
});
export type ConnectivityHop = z.infer<typeof hopSchema>;

/** Azure's ConnectivityInformation, read with forgiveness; the raw answer is kept whole beside it. */
export const connectivityInformationSchema = z.looseObject({
  hops: forgivingList(hopSchema),
  connectionStatus: text,
  avgLatencyInMs: count,
  minLatencyInMs: count,
  maxLatencyInMs: count,
  probesSent: count,
  probesFailed: count,
});
export type ConnectivityInformation = z.infer<typeof connectivityInformationSchema>;
