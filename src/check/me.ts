import type { Actor } from '../contract/actor.ts';
import type { Me } from '../contract/answer/me.ts';
import { applicableTo } from '../policy/applicable.ts';
import { openSets } from '../policy/sets/policy-set.ts';
import { type LimitDeps, limitsOf } from './count-request.ts';
import type { Pause } from './state/stated-verdict.ts';

export interface MeDeps extends LimitDeps {
  readonly pause?: Pause | undefined;
}

/** Who the caller is to the proxy, and what applies to them. No role is needed to see oneself. */
export async function me(deps: MeDeps, { caller }: Actor): Promise<Me> {
  const { requester, roles } = caller;
  const limits = await limitsOf(deps, requester.id);
  // Who may not ask for a check is to learn nothing of what others may.
  const mayAsk = roles.includes('Check.Request');
  const { rules, endpoints } = mayAsk ? applicableTo(deps.policy, caller) : { rules: [], endpoints: [] };
  const sets = mayAsk ? openSets(deps.policy, caller) : [];
  return {
    ...{ requester, roles, policy: deps.policy.hash, rules: [...rules], endpoints: [...endpoints] },
    ...{ sets: [...sets], limits },
    ...(deps.pause === undefined ? {} : { paused: deps.pause }),
  };
}
