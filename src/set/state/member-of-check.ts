import type { Check } from '../../check/state/check.ts';
import { statedVerdict } from '../../check/state/stated-verdict.ts';
import type { MemberState, Outcome } from './set.ts';

/** What a set's matrix shows of a check. */
export function memberOfCheck(check: Check): Extract<MemberState, { kind: 'check' }> {
  const { id, status } = check;
  return { kind: 'check', id, status, ...outcomeOf(check), sentence: statedVerdict(check).summary };
}

function outcomeOf(check: Check): Outcome {
  if (check.status === 'Failed') return { codes: [check.cause.code] };
  if (check.status !== 'Succeeded') return { codes: [] };
  const { reachability, reasons } = check.verdict;
  return { reachability, codes: reasons.map(({ code }) => code) };
}
