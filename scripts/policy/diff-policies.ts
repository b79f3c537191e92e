import { parseResourceId } from '../../src/arm/resource-id.ts';
import type { Caller } from '../../src/contract/requester.ts';
import { decide } from '../../src/policy/decide.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { accessRequestsOf } from '../../src/policy/rule/access-request.ts';
import { allOf } from '../../src/policy/rule/condition.ts';
import { type Flow, readFlow } from '../../src/policy/rule/flow.ts';
import type { Rule } from '../../src/policy/rule/rule.ts';
import type { Asked } from './tally-audit.ts';

export interface Changed extends Asked {
  /** What the new policy says. */
  readonly reason: string;
}

export interface PolicyDiff {
  /** Allowed by the old policy, refused by the new one. */
  readonly cutOff: readonly Changed[];
  /** The other way round. */
  readonly opened: readonly Changed[];
  readonly untold: readonly Changed[];
  /** Sets that only the old policy has. What runs them by name is told that there is none. */
  readonly goneSets: readonly string[];
}

/** More unknown groups than this, and the ways in which somebody can be in them are too many to try. */
const MOST_GROUPS = 8;

/** What both policies say of what was asked for. */
export function diffPolicies(before: Policy, after: Policy, asked: readonly Asked[]): PolicyDiff {
  const replayed = asked.map((each) => {
    const [old, now] = [before, after].map((policy) => replay(policy, each, [before, after]));
    return {
      ...each,
      old: old?.allowed,
      now: now?.allowed,
      reason: now?.reason ?? '',
      untold: old?.untold ?? now?.untold,
    };
  });
  const told = replayed.filter(({ untold }) => untold === undefined);
  return {
    cutOff: told.filter(({ old, now }) => old === true && now === false),
    opened: told.filter(({ old, now }) => old === false && now === true),
    goneSets: [...before.sets.keys()].filter((name) => !after.sets.has(name)),
    untold: replayed.flatMap(({ untold, ...each }) => (untold === undefined ? [] : [{ ...each, reason: untold }])),
  };
}

interface Replay {
  readonly allowed?: boolean;
  readonly reason?: string;
  /** Why it cannot be told. */
  readonly untold?: string;
}

function replay(policy: Policy, asked: Asked, known: readonly Policy[]): Replay {
  const { requester, decision } = asked;
  const flow = flowOf(asked);
  if (!flow) return { untold: 'the event does not say what was to be tested' };
  if (!decision.roles) return { untold: 'the event does not have the roles of the requester' };
  const { roles, groups = [] } = decision;
  const caller = { requester, roles, groups, groupsOverage: false };
  const open = openGroups(
    policy,
    caller,
    flow,
    known.find(({ hash }) => hash === decision.policy && decision.groups),
  );
  if (open.length > MOST_GROUPS) return { untold: 'it depends on more groups than the event tells of' };
  const decisions = subsets(open).map((more) => decide(policy, { ...caller, groups: [...groups, ...more] }, flow));
  const [first] = decisions;
  if (!first || decisions.some(({ allowed }) => allowed !== first.allowed))
    return { untold: `it depends on whether the requester is in ${open.join(', ')}` };
  return first;
}

function flowOf({ target }: Asked): Flow | undefined {
  const { source, destination, port, protocol } = target;
  if (source === undefined || destination === undefined) return undefined;
  const to = parseResourceId(destination) ? { resourceId: destination } : { address: destination };
  return readFlow({ source: { resourceId: source }, destination: { ...to, port }, protocol });
}

/**
 * Groups that matter to this flow and of which nobody knows whether the requester is in them: an event keeps those
 * of the requester's groups that the policy named by which it was decided.
 */
function openGroups(policy: Policy, caller: Caller, flow: Flow, decidedBy: Policy | undefined): readonly string[] {
  const settled = new Set([...caller.groups, ...(decidedBy ? groupsOf(rulesOf(decidedBy)) : [])].map(lower));
  const requests = accessRequestsOf(caller, flow);
  const relevant = rulesOf(policy).filter(({ source, destination, port, protocol }) =>
    requests.some((request) => allOf([source, destination, port, protocol], request) !== undefined),
  );
  return groupsOf(relevant).filter((group) => !settled.has(group));
}

const rulesOf = ({ allowRules, denyRules }: Policy): readonly Rule[] => [...allowRules, ...denyRules];

const groupsOf = (rules: readonly Rule[]): readonly string[] => [
  ...new Set(
    rules.flatMap(({ written: { requesters, except } }) =>
      [...(requesters?.groups ?? []), ...(except?.groups ?? [])].map(lower),
    ),
  ),
];

const lower = (group: string): string => group.toLowerCase();

const subsets = (items: readonly string[]): readonly (readonly string[])[] =>
  items.reduce<readonly (readonly string[])[]>((sets, item) => [...sets, ...sets.map((set) => [...set, item])], [[]]);
