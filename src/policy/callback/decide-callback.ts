import type { Decision } from '../../contract/decision.ts';
import type { Caller } from '../../contract/requester.ts';
import { TOO_MANY_GROUPS } from '../find-denial.ts';
import { grantsOf } from '../grants-of.ts';
import type { Policy } from '../policy.ts';
import { requestBy } from '../rule/access-request.ts';
import { isNeverTested } from '../rule/never-tested.ts';
import { targetOf } from '../rule/target.ts';
import type { CallbackRule } from './callback-rule.ts';
import { readCallbackUrl } from './callback-url.ts';
import { isDeniedPlace } from './is-denied-place.ts';
import { type Allowance, deniedAddress } from './denied-address.ts';

/** What the policy says of a callback, without the URL: that is a secret. */
export type CallbackDecision =
  | { readonly allowed: true; readonly decision: Decision; readonly url: URL; readonly allowance: Allowance }
  | { readonly allowed: false; readonly decision: Decision };

/**
 * Whether the proxy may call that URL when something of this caller's has ended. What the host's name stands for is not
 * known here: each of its addresses is `deniedAddress`'s to judge, before each connection.
 */
export function decideCallback(policy: Policy, caller: Caller, text: string): CallbackDecision {
  const answer = answerOf(policy, caller, text);
  const about = { policy: policy.hash, ...grantsOf(policy, caller) };
  if (typeof answer === 'string') return { allowed: false, decision: { allowed: false, reason: answer, ...about } };
  const decision = { allowed: true, reason: 'The policy names the address of the callback.', ...about };
  return { allowed: true, decision, ...answer };
}

function answerOf(policy: Policy, caller: Caller, text: string) {
  const read = readCallbackUrl(text);
  if ('fault' in read) return `The callback cannot be allowed: ${read.fault}.`;
  const { url } = read;
  const fitting = rulesFor(policy.callbacks, caller, url);
  if (typeof fitting === 'string') return fitting;
  const allowance = {
    private: fitting.some(({ written }) => written.private === true),
    loopback: url.protocol === 'http:',
  };
  const why = deniedHost(policy, url, allowance);
  return why ?? { url, allowance };
}

function rulesFor(rules: readonly CallbackRule[], caller: Caller, url: URL): readonly CallbackRule[] | string {
  const asker = requestBy(caller);
  const about = rules.filter(({ matches }) => matches(url)).map((rule) => ({ rule, match: rule.requester(asker) }));
  const fitting = about.filter(({ match }) => match === true).map(({ rule }) => rule);
  if (fitting.length > 0) return fitting;
  return about.some(({ match }) => match === 'groups') ? TOO_MANY_GROUPS : NOT_NAMED;
}

const NOT_NAMED =
  "The policy names no address of callbacks for you that this one fits: ask the proxy's operators to add it to `callbacks`.";

function deniedHost(policy: Policy, url: URL, allowance: Allowance): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const target = targetOf(host);
  if (target?.kind !== 'address') return 'The host of the callback cannot be read: name it plainly.';
  if (target.host === undefined) return deniedAddress(policy, host, allowance);
  if (isNeverTested(target) && !allowance.loopback) return 'The callback goes to a name that is never called.';
  return isDeniedPlace(policy, target) ? 'The callback goes to a name that a rule denies.' : undefined;
}
