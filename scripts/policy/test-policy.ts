import { decideCallback } from '../../src/policy/callback/decide-callback.ts';
import { decide } from '../../src/policy/decide.ts';
import { writtenSide } from '../../src/contract/request/side.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { findSet } from '../../src/policy/sets/policy-set.ts';
import { membersOf } from '../../src/policy/sets/set-members.ts';
import { readFlow } from '../../src/policy/rule/flow.ts';
import type { Expectation, OpenFlow } from './expectations.ts';
import { proveRefused } from './prove-refused.ts';

export interface TestResult {
  readonly name: string;
  /** Absent where the expectation holds. */
  readonly why?: string | undefined;
}

export function testPolicy(policy: Policy, expectations: readonly Expectation[]): readonly TestResult[] {
  return expectations.map(({ name, caller, allowed, asked }) => ({
    name,
    why: whyNot(policy, caller, allowed, asked),
  }));
}

function whyNot(policy: Policy, caller: Expectation['caller'], allowed: boolean, asked: Expectation['asked']) {
  if ('callback' in asked) {
    const called = decideCallback(policy, caller, asked.callback);
    if (called.allowed === allowed) return undefined;
    return called.allowed ? 'the policy names it in `callbacks`' : called.decision.reason;
  }
  if ('set' in asked) return whyNotRun(policy, caller, allowed, asked.set);
  return allowed ? whyNotAllowed(policy, caller, asked) : proveRefused(policy, caller, asked);
}

/** A set may be run where it is open and all of its checks are allowed; it may not where it is closed. */
function whyNotRun(policy: Policy, caller: Expectation['caller'], allowed: boolean, name: string): string | undefined {
  const set = findSet(policy, caller, name);
  if (!allowed) return set && 'the set is open to this requester';
  if (!set) return 'the set is closed to this requester';
  const whys = membersOf(policy, set).flatMap(({ places, flow, open }) => {
    const { allowed: isAllowed, reason } = decide(policy, caller, flow);
    const place = `sources[${places.source}] to destinations[${places.destination}]`;
    const [side] = open;
    if (side) return [`${place}: its ${side} is a machine by name, which only the running proxy can find`];
    return isAllowed ? [] : [`${place}: ${reason}`];
  });
  const more = whys.length > 1 ? ` And so for ${whys.length - 1} more of its checks.` : '';
  return whys[0] && `${whys[0]}${more}`;
}

function whyNotAllowed(policy: Policy, caller: Expectation['caller'], flow: OpenFlow): string | undefined {
  const { source = '', destination, protocol } = flow;
  const target =
    destination.kind === 'one' ? writtenSide(destination.target) : { address: destination.network.base.toString() };
  const request = {
    source: { resourceId: source },
    destination: { ...target, port: flow.port ?? target.port },
    protocol,
  };
  const decision = decide(policy, caller, readFlow(request));
  return decision.allowed ? undefined : decision.reason;
}
