import { tooManyOf } from '../../check/count-request.ts';
import type { Decision } from '../../contract/decision.ts';
import { Problem } from '../../contract/problem.ts';
import { brokenLimit, destinationKey, limitStates, type PastRequest, portsOf } from '../../policy/limits.ts';
import { limitsUnder } from '../../policy/limits-under.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Flow } from '../../policy/rule/flow.ts';
import type { Member } from './set.ts';
import { turnsOf } from './turns.ts';

/** What a set asks for, as policy sees it. */
export interface Planned {
  readonly member: Member;
  readonly flow: Flow;
  readonly decision: Decision;
}

export interface Plan {
  /** Why a member is refused, by its index. */
  readonly refused: ReadonlyMap<number, Problem>;
  /** How many members have to wait. */
  readonly waiting: number;
}

/**
 * What becomes of a set's members, in the order asked: policy refuses, and so does the limit of ports, whenever their turn
 * comes; under the other limits and a busy source they wait. `past` is what counts toward the limits.
 */
export function planOf(policy: Policy, planned: readonly Planned[], past: readonly PastRequest[], now: Date): Plan {
  const refused = refusedOf(policy, planned, past, now);
  const turns = turnsOf(planned.map(({ member }) => member).filter(({ index }) => !refused.has(index)));
  const isTurn = new Set(turns.map(({ index }) => index));
  const made = [...past];
  let begun = 0;
  for (const { member, flow, decision } of planned) {
    if (!isTurn.has(member.index)) continue;
    const { limits, counts } = limitsUnder(policy, decision.rule);
    const { requestsPerMinute, active } = limits;
    const states = limitStates({ requestsPerMinute, active }, made.filter(counts), now, flow);
    if (states.some(({ remaining }) => remaining <= 0)) break;
    made.push(pastOf(flow, decision, now));
    begun++;
  }
  return { refused, waiting: planned.length - refused.size - begun };
}

function refusedOf(policy: Policy, planned: readonly Planned[], past: readonly PastRequest[], now: Date) {
  const refused = new Map<number, Problem>();
  const tested = [...past];
  for (const { member, flow, decision } of planned) {
    const problem = decision.allowed
      ? tooManyPorts(policy, { flow, decision }, tested, now)
      : new Problem('PolicyRefused', decision.reason);
    if (problem) refused.set(member.index, problem);
    else tested.push(pastOf(flow, decision, now));
  }
  return refused;
}

function tooManyPorts(
  policy: Policy,
  { flow, decision }: Pick<Planned, 'flow' | 'decision'>,
  past: readonly PastRequest[],
  now: Date,
): Problem | undefined {
  const { limits, counts } = limitsUnder(policy, decision.rule);
  const counted = past.filter(counts);
  const states = limitStates({ portsPerHour: limits.portsPerHour }, counted, now, flow);
  const broken = brokenLimit(states, counted, now, flow);
  return broken && tooManyOf(broken, states);
}

const pastOf = (flow: Flow, { rule }: Decision, now: Date): PastRequest => ({
  at: now,
  open: true,
  destinationKey: destinationKey(flow),
  ports: portsOf(flow),
  rule,
});
