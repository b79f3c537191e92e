import { z } from 'zod';
import { type CheckRequest, knownCheckSchema } from './check-request.ts';
import { findOutcome } from './scenarios/find-outcome.ts';
import type { Outcome } from './scenarios/outcome.ts';
import type { Resource } from './scenarios/resources.ts';
import type { World } from './scenarios/world.ts';

/** More than any test leaves open; the oldest are forgotten beyond it. */
const MOST = 10_000;

export interface Operation {
  readonly id: string;
  readonly check: CheckRequest;
  readonly source: Resource;
  readonly outcome: Outcome;
  /** Milliseconds since 1970 */
  readonly endsAt: number;
}

export interface Operations {
  begin(operation: Omit<Operation, 'id' | 'endsAt'>): Operation;
  /** The operation that keeps this source and destination busy, if one does. */
  running(source: Resource, target: string): Operation | undefined;
  /** Counts a poll of the operation of that id: how many there were since the start. */
  countPoll(id: string): number;
}

interface Deps {
  readonly now: () => number;
  readonly newId: () => string;
  /** How long the check takes, in ms. */
  readonly duration: (outcome: Outcome) => number;
}

/** The operations that run, in memory: after a restart nothing is busy, and what runs goes on by what its URL carries. */
export function createOperations({ now, newId, duration }: Deps): Operations {
  const busy = new Map<string, Operation>();
  const polls = new Map<string, number>();
  const key = (source: Resource, target: string) => `${source.id} ${target}`;

  return {
    begin(begun) {
      const operation = { ...begun, id: newId(), endsAt: now() + duration(begun.outcome) };
      remember(busy, key(begun.source, begun.check.destination), operation);
      return operation;
    },
    running(source, target) {
      const operation = busy.get(key(source, target));
      return operation !== undefined && operation.endsAt > now() ? operation : undefined;
    },
    countPoll(id) {
      const count = (polls.get(id) ?? 0) + 1;
      remember(polls, id, count);
      return count;
    },
  };
}

function remember<T>(operations: Map<string, T>, key: string, operation: T): void {
  // A Map keeps its order of insertion; what is set again goes to the end.
  operations.delete(key);
  operations.set(key, operation);
  const oldest = operations.keys().next();
  if (operations.size > MOST && !oldest.done) operations.delete(oldest.value);
}

const carriedSchema = z.object({ check: knownCheckSchema, endsAt: z.number() });

/** What the URL of an operation carries of it, so that whoever has the key knows it after a restart too. */
export const carriedOf = ({ check, endsAt }: Operation): string => JSON.stringify({ check, endsAt });

/** The operation of that id, from what its URL carries; `undefined` where that is nothing, or of another world. */
export function operationOf(world: World, id: string, carried: string): Operation | undefined {
  if (carried === '') return undefined;
  const { check, endsAt } = carriedSchema.parse(JSON.parse(carried));
  const source = world.resources.find((resource) => resource.id.toLowerCase() === check.sourceId.toLowerCase());
  if (!source) return undefined;
  const { outcome } = findOutcome(world, source, check);
  return { id, check, source, endsAt, outcome: begunAs(outcome) };
}

/** Once it has begun, a check was let through. */
const begunAs = (outcome: Outcome): Outcome =>
  outcome.kind === 'refused' && outcome.finally ? { kind: 'completes', finding: outcome.finally } : outcome;
