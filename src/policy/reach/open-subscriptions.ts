import { segmentsOf } from '../../arm/resource-id.ts';
import type { Caller } from '../../contract/requester.ts';
import { glob } from '../pattern/glob.ts';
import type { Policy } from '../policy.ts';
import { requestBy } from '../rule/access-request.ts';
import { isBarred } from './reach.ts';
import { subscriptionPart } from './subscriptions-of.ts';

/** Subscriptions in which a caller may test from something, as far as policy alone tells. */
export interface OpenSubscriptions {
  readonly isOpen: (subscription: string) => boolean;
  /** Those that rules name by their ids, in lower case; others that are open only Azure knows. */
  readonly named: readonly string[];
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A rule that denies what nobody has made spares nothing of its subscription. */
const nobodys = (subscription: string): readonly string[] =>
  ['Microsoft.Compute/virtualMachines/vm-83d15fa07c2e', 'Microsoft.Network/bastionHosts/bas-0b54c9e6d7f1'].map(
    (name) => `/subscriptions/${subscription}/resourceGroups/rg-6e9c2b7d40f1/providers/${name}`,
  );

export function openSubscriptions({ allowRules, denyRules, endpoints }: Policy, caller: Caller): OpenSubscriptions {
  const asker = requestBy(caller);
  const deny = denyRules.filter(({ requester }) => requester(asker) !== false);
  const allow = allowRules
    .filter(({ requester }) => requester(asker) === true)
    .map((rule) => {
      const parts = (rule.written.sources ?? ['**']).flatMap((entry) => subscriptionPart(entry, endpoints) ?? []);
      return { rule, parts, matches: parts.map((part) => glob(part)) };
    });

  const isOpen = (subscription: string): boolean => {
    const requests = nobodys(subscription).map((id) => ({ ...asker, source: segmentsOf(id) }));
    const barring = deny.filter(({ source }) => requests.every((request) => source(request) === true));
    return allow.some(
      ({ rule, matches }) => matches.some((matchesId) => matchesId(subscription)) && !isBarred(rule, barring),
    );
  };

  const ids = allow.flatMap(({ parts }) => parts.filter((part) => uuid.test(part)));
  return { isOpen, named: [...new Set(ids)].filter(isOpen).toSorted() };
}
