import type { Problem } from '../../contract/problem.ts';
import type { CheckSet, MemberState } from './set.ts';

/** Of a set of the policy, what policy refuses is counted and never shown, whenever it refuses. */
export function refusedState(
  { name }: Pick<CheckSet, 'name'>,
  { code, message }: Pick<Problem, 'code' | 'message'>,
): Extract<MemberState, { kind: 'refused' }> {
  const hidden = name !== undefined && code === 'PolicyRefused';
  return { kind: 'refused', error: { code, message }, ...(hidden && { hidden }) };
}
