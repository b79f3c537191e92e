import type { Outcome } from './scenarios/outcome.ts';
import type { Resource } from './scenarios/resources.ts';

/** More than any test leaves open; the oldest are forgotten beyond it. */
const MOST = 10_000;

export interface Operation {
  readonly id: string;
  readonly source: Resource;
  readonly outcome: Outcome;
  /** Milliseconds since 1970 */
  readonly endsAt: number;
}

export interface Operations {
  begin(target: string, operation: Omit<Operation, 'id' | 'endsAt'>): Operation;
  find(id: string): Operation | undefined;
  /** The operation that keeps this source and destination busy, if one does. */
  running(source: Resource, target: string): Operation | undefined;
}

interface Deps {
  readonly now: () => number;
  readonly newId: () => string;
  /** How long the check takes, in ms. */
  readonly duration: (outcome: Outcome) => number;
}

/** The operations that run or ran, in memory. */
export function createOperations({ now, newId, duration }: Deps): Operations {
  const byId = new Map<string, Operation>();
  const busy = new Map<string, Operation>();
  const key = (source: Resource, target: string) => `${source.id} ${target}`;

  return {
    begin(target, { source, outcome }) {
      const operation = { id: newId(), source, outcome, endsAt: now() + duration(outcome) };
      remember(byId, operation.id, operation);
      remember(busy, key(source, target), operation);
      return operation;
    },
    find: (id) => byId.get(id),
    running(source, target) {
      const operation = busy.get(key(source, target));
      return operation !== undefined && operation.endsAt > now() ? operation : undefined;
    },
  };
}

function remember(operations: Map<string, Operation>, key: string, operation: Operation): void {
  // A Map keeps its order of insertion; what is set again goes to the end.
  operations.delete(key);
  operations.set(key, operation);
  const oldest = operations.keys().next();
  if (operations.size > MOST && !oldest.done) operations.delete(oldest.value);
}
