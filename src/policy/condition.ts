import type { Question } from './question.ts';

/** What a rule looks at and a question leaves open. */
export type Gap = 'groups' | 'protocol' | 'port';

/** Whether a condition holds; a gap means that it may. */
export type Fit = boolean | Gap;

/** One member of a rule. */
export type Condition = (question: Question) => Fit;

/** What a member that is left out asks for. */
export const anything: Condition = () => true;

/** Any entry is enough. */
export function anyOf(conditions: readonly Condition[]): Condition {
  return (question) => {
    let best: Fit = false;
    for (const condition of conditions) {
      const fit = condition(question);
      if (fit === true) return true;
      if (fit !== false) best = fit;
    }
    return best;
  };
}

/** Each must hold; the gaps of all are what is left open. `undefined` where one does not hold. */
export function allOf(conditions: readonly Condition[], question: Question): readonly Gap[] | undefined {
  const gaps: Gap[] = [];
  for (const condition of conditions) {
    const fit = condition(question);
    if (fit === false) return undefined;
    if (fit !== true) gaps.push(fit);
  }
  return gaps;
}
