import { whomToAsk } from './contact/whom-to-ask.ts';
import type { Unknown } from './rule/condition.ts';
import { isNeverTested } from './rule/never-tested.ts';
import type { Policy } from './policy.ts';
import type { AccessRequest } from './rule/access-request.ts';
import { matchRule, type Rule } from './rule/rule.ts';

/** Why a request is denied. */
export interface Denial {
  /** A rule names it; otherwise a rule may name it, depending on what the request or the token leaves open. */
  readonly certain: boolean;
  readonly rule?: string;
  readonly reason: string;
}

/**
 * The first denial by rule id, certain ones before others, so that the order in the file does not matter. Whom to ask is
 * looked up for what was `asked` for: where that is not what is denied, the contact must not tell what is.
 */
export function findDenial(policy: Policy, requests: readonly AccessRequest[], asked = requests): Denial | undefined {
  if (requests.some(({ target }) => isNeverTested(target))) return { certain: true, reason: NEVER };
  let open: Denial | undefined;
  for (const rule of policy.denyRules) {
    for (const request of requests) {
      const unknowns = matchRule(rule, request);
      if (unknowns === undefined) continue;
      if (unknowns.length === 0)
        return { certain: true, rule: rule.written.id, reason: denied(rule) + whomToAsk(policy, asked) };
      open ??= { certain: false, rule: rule.written.id, reason: left(rule, unknowns, () => whomToAsk(policy, asked)) };
    }
  }
  return open;
}

const NEVER =
  'Loopback, link-local, multicast and platform addresses and their names are never tested, and nobody can allow them: ' +
  'name the real destination.';

/** Told where a rule that looks at groups could change the outcome. */
export const TOO_MANY_GROUPS =
  "Your token lists too many groups to carry them and the policy needs them here: ask the proxy's operators to name an " +
  'app role instead, and to assign it to you.';

function denied({ written: { id, reason } }: Rule): string {
  return `Rule "${id}" denies it: ${reason ?? "ask the proxy's operators, and name the rule."}`;
}

function left({ written: { id } }: Rule, unknowns: readonly Unknown[], contact: () => string): string {
  if (unknowns.includes('groups')) return TOO_MANY_GROUPS + contact();
  return `Rule "${id}" denies some of what the request leaves open: give the ${unknowns.join(' and the ')} and ask again.`;
}
