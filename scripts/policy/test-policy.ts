import { decideCallback } from '../../src/policy/callback/decide-callback.ts';
import { decide } from '../../src/policy/decide.ts';
import { writtenSide } from '../../src/contract/request/side.ts';
import type { Policy } from '../../src/policy/policy.ts';
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
  return allowed ? whyNotAllowed(policy, caller, asked) : proveRefused(policy, caller, asked);
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
