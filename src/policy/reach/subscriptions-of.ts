import type { Caller } from '../../contract/requester.ts';
import type { Side } from '../../contract/request/side.ts';
import { segmentsOf } from '../../arm/resource-id.ts';
import { glob } from '../pattern/glob.ts';
import type { Policy } from '../policy.ts';
import { requestBy } from '../rule/access-request.ts';

/** Subscriptions that hold what rules name. */
export interface NamedSubscriptions {
  /** In lower case. */
  readonly ids: readonly string[];
  /** A rule names some by a pattern, or all: which there are, only Azure knows. */
  readonly open: boolean;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The subscriptions of everything that somebody may test from or, as a machine, to. */
export function subscriptionsOf({ allowRules, endpoints }: Policy): NamedSubscriptions {
  const entries = allowRules.flatMap(({ written: { sources, destinations } }) => [
    ...(sources ?? ['**']),
    ...(destinations ?? ['**']),
  ]);
  const parts = entries.flatMap((entry) => subscriptionPart(entry, endpoints) ?? []);
  return {
    ids: [...new Set(parts.filter((part) => uuid.test(part)))].toSorted(),
    open: parts.some((part) => !uuid.test(part)),
  };
}

/** Whether a rule that allows the caller something names the subscription; `**` stands for which there are at all. */
export function namesSubscription(
  { allowRules, endpoints }: Policy,
  caller: Caller,
  side: 'sources' | 'destinations' = 'sources',
): (subscription: string) => boolean {
  const asker = requestBy(caller);
  const own = allowRules.filter(({ requester }) => requester(asker) === true);
  const parts = own.flatMap(({ written }) =>
    (written[side] ?? ['**']).flatMap((entry) => subscriptionPart(entry, endpoints) ?? []),
  );
  const matches = parts.map((part) => glob(part));
  return (subscription) =>
    subscription === '**' ? parts.some((part) => !uuid.test(part)) : matches.some((each) => each(subscription));
}

/** The id or pattern of the subscription that an entry names; `undefined` where it names no resource. */
export function subscriptionPart(entry: string, endpoints: ReadonlyMap<string, Side>): string | undefined {
  if (entry === '**') return '*';
  if (entry.startsWith('endpoint:')) return endpoints.get(entry.slice('endpoint:'.length))?.resource?.subscriptionId;
  if (!entry.startsWith('/')) return undefined;
  const part = segmentsOf(entry)[1] ?? '*';
  return part === '**' ? '*' : part;
}
