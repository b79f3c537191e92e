import { z } from 'zod';
import { protocolSchema } from '../../src/arm/connectivity-parameters.ts';
import { jsonOf } from '../../src/contract/json-of.ts';
import { requesterSchema } from '../../src/contract/requester.ts';

const DAY_MILLISECONDS = 86_400_000;

// What is read of an event; an export of another version may have more.
const eventSchema = z.object({
  action: z.string(),
  time: z.iso.datetime(),
  requester: z.object(requesterSchema.shape),
  target: z.object({
    source: z.string().optional(),
    destination: z.string().optional(),
    port: z.int().optional(),
    protocol: protocolSchema.optional(),
  }),
  decision: z.object({
    policy: z.string(),
    roles: z.array(z.string()).optional(),
    groups: z.array(z.string()).optional(),
  }),
  outcome: z.object({ count: z.int().optional() }).optional(),
});
type Event = z.infer<typeof eventSchema>;

/** One flow of one requester, as often as it was asked for with the same roles and groups. */
export interface Asked extends Pick<Event, 'requester' | 'target' | 'decision'> {
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

export interface Tally {
  readonly asked: readonly Asked[];
  readonly from: string;
  readonly to: string;
  /** Lines that are no event, or one that cannot be read. */
  readonly unreadable: number;
}

/** The requests, refused ones too, of the last days of an export (NDJSON); those that are the same are counted. */
export async function tallyAudit(lines: () => AsyncIterable<string>, days: number): Promise<Tally> {
  let to = '';
  for await (const line of lines()) {
    const time = eventSchema.safeParse(jsonOf(line)).data?.time ?? '';
    if (time > to) to = time;
  }
  if (to === '') throw new Error('The export has no events: give one in NDJSON, as netcheck audit export writes it.');
  const from = new Date(Date.parse(to) - days * DAY_MILLISECONDS).toISOString();
  const asked = new Map<string, Asked>();
  let unreadable = 0;
  for await (const line of lines()) {
    const event = eventSchema.safeParse(jsonOf(line)).data;
    if (!event) unreadable += 1;
    else if (/^(?:requested|refused)$/.test(event.action) && event.time >= from) add(asked, event);
  }
  return { asked: [...asked.values()], from, to, unreadable };
}

function add(asked: Map<string, Asked>, { requester, target, decision, time, outcome }: Event): void {
  const { policy, roles, groups } = decision;
  const key = JSON.stringify([requester.id, requester.via, target, policy, roles, groups]);
  const before = asked.get(key) ?? { count: 0, first: time, last: time };
  asked.set(key, {
    ...{ requester, target, decision },
    count: before.count + (outcome?.count ?? 1),
    first: time < before.first ? time : before.first,
    last: time > before.last ? time : before.last,
  });
}
