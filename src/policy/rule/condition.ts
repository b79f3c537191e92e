import type { AccessRequest } from './access-request.ts';

/** What a rule looks at and a question leaves open. */
export type Unknown = 'groups' | 'protocol' | 'port';

/** Whether a condition holds; a gap means that it may. */
export type Match = boolean | Unknown;

/** One member of a rule. */
export type Condition = (question: AccessRequest) => Match;

/** What a member that is left out asks for. */
export const anything: Condition = () => true;

/** Any entry is enough. */
export function anyOf(conditions: readonly Condition[]): Condition {
  return (question) => {
    let best: Match = false;
    for (const condition of conditions) {
      const fit = condition(question);
      if (fit === true) return true;
      if (fit !== false) best = fit;
    }
    return best;
  };
}

/** Each must hold; the gaps of all are what is left open. `undefined` where one does not hold. */
export function allOf(conditions: readonly Condition[], question: AccessRequest): readonly Unknown[] | undefined {
  const gaps: Unknown[] = [];
  for (const condition of conditions) {
    const fit = condition(question);
    if (fit === false) return undefined;
    if (fit !== true) gaps.push(fit);
  }
  return gaps;
}
