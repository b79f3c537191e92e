import { recordAccess } from '../../audit/record-access.ts';
import type { Actor } from '../../contract/actor.ts';
import type { CheckView } from '../../contract/check.ts';
import { type PassOverDeps, unlessGarbled } from '../../contract/rows/not-as-written.ts';
import { Problem } from '../../contract/problem.ts';
import { withContacts } from '../../policy/contact/with-contacts.ts';
import { requireRole } from '../../policy/require-role.ts';
import { visibleRules } from '../../policy/sight/visible-rules.ts';
import { filterOf, type FoundChecks, type ListDeps, type ListRequest } from '../list.ts';
import type { SeenAmong } from '../ports/check-list.ts';
import type { CheckStore } from '../ports/check-store.ts';
import { isOwn, mayReadAll, seenOf, type SightDeps, sightOf, withoutOthers } from './sight.ts';

export type ListVisibleDeps = ListDeps & SightDeps & PassOverDeps & { readonly store: CheckStore };

/** Checks and results are read to know whose path policy hides: so many at the same time. */
const AT_ONCE = 16;

/**
 * The checks that a group of the caller's may read, by the rules that they ran under. What policy denies the caller is left
 * out, and pages are as if it were not there. Each page is audited before it is answered. Throws as `list` does.
 */
export async function listVisible(
  deps: ListVisibleDeps,
  actor: Actor,
  { asked, top, after, resource }: ListRequest,
): Promise<FoundChecks> {
  requireRole(actor.caller, 'Check.Request');
  const filter = await filterOf(deps, actor, asked);
  const ranUnder = visibleRules(deps.policy, actor.caller);
  if (ranUnder.length === 0) return { checks: [], filter };
  if (filter.rules && !filter.rules.some((rule) => ranUnder.includes(rule))) throw noneVisible();
  const reason = 'Their rules make these checks visible to a group of the reader.';
  const decision = { allowed: true, reason, policy: deps.policy.hash };
  await recordAccess(deps, actor, { action: 'read', resource, decision });
  const { requesters, ...rest } = filter;
  const isAsked = ({ requester }: CheckView): boolean => requesters?.includes(requester.id) ?? true;
  const seen: SeenAmong = (checks) => seenAmong(deps, actor, checks.filter(isAsked));
  const page = await deps.checkList.seenPage({ ...rest, ranUnder }, seen, top, after);
  return { ...page, checks: page.checks.map((check) => withContacts(deps.policy, check)), filter };
}

function noneVisible(): Problem {
  const message = 'No check of this rule is visible to your groups: leave out rule or scope.';
  return new Problem('InvalidRequest', message, { details: [{ code: 'InvalidValue', message, target: 'rule' }] });
}

/** A row of a list says no more than that there is a check: who may see it, its own row says. */
async function seenAmong(deps: ListVisibleDeps, { caller }: Actor, checks: readonly CheckView[]): Promise<CheckView[]> {
  const seen: CheckView[] = [];
  for (let at = 0; at < checks.length; at += AT_ONCE) {
    const some = checks.slice(at, at + AT_ONCE);
    const shown = await Promise.all(
      some.map((listed) =>
        unlessGarbled(deps, async () => {
          if (mayReadAll(caller)) return listed;
          const check = (await deps.store.find(listed.id))?.check;
          if (!check || (await sightOf(deps, caller, seenOf(check))) === undefined) return undefined;
          return isOwn(caller, check) ? listed : withoutOthers(listed);
        }),
      ),
    );
    seen.push(...shown.flatMap((check) => check ?? []));
  }
  return seen;
}
