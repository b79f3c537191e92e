import type { AccessRequest } from './access-request.ts';

/** What a rule looks at and a request leaves open. */
export type Unknown = 'groups' | 'protocol' | 'port';

/** Whether a condition holds; an unknown means that it may. */
export type Match = boolean | Unknown;

/** One member of a rule. */
export type Condition = (request: AccessRequest) => Match;

/** What a member that is left out asks for. */
export const anything: Condition = () => true;

/** Any entry is enough. */
export function anyOf(conditions: readonly Condition[]): Condition {
  return (request) => {
    let best: Match = false;
    for (const condition of conditions) {
      const match = condition(request);
      if (match === true) return true;
      if (match !== false) best = match;
    }
    return best;
  };
}

/** Each must hold; the unknowns of all are what is left open. `undefined` where one does not hold. */
export function allOf(conditions: readonly Condition[], request: AccessRequest): readonly Unknown[] | undefined {
  const unknowns: Unknown[] = [];
  for (const condition of conditions) {
    const match = condition(request);
    if (match === false) return undefined;
    if (match !== true) unknowns.push(match);
  }
  return unknowns;
}
