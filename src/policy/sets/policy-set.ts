import type { Product } from '../../contract/request/set/set-request.ts';
import type { Caller } from '../../contract/requester.ts';
import type { SetDocument } from '../document/policy-document.ts';
import type { Policy } from '../policy.ts';
import { requestBy } from '../rule/access-request.ts';
import type { Condition } from '../rule/condition.ts';
import { bindsRequester } from '../rule/requester-condition.ts';

/** Flows that must work, made ready: who may ask for them, and what they are, as in a request. */
export interface PolicySet extends Product {
  readonly requester: Condition;
}

export function compileSet(written: SetDocument): PolicySet {
  const { sources, destinations, protocol } = written;
  return {
    requester: bindsRequester(written),
    sources: sources.map(withoutComment),
    destinations: destinations.map(withoutComment),
    protocol,
  };
}

/** A comment is for readers of the policy, and part of no request. */
export const withoutComment = (side: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(side).filter(([name]) => name !== 'comment'));

/** Names of the sets that the caller may ask for: no other is there for them. */
export const openSets = ({ sets }: Policy, caller: Caller): readonly string[] =>
  [...sets].filter(([, set]) => isOpenTo(set, caller)).map(([name]) => name);

export function findSet({ sets }: Policy, caller: Caller, name: string): PolicySet | undefined {
  const set = sets.get(name);
  return set && isOpenTo(set, caller) ? set : undefined;
}

/** Whether a token with too many groups is of one of them is not known: that opens nothing. */
const isOpenTo = ({ requester }: PolicySet, caller: Caller): boolean => requester(requestBy(caller)) === true;
