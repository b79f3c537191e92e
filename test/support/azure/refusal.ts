import { Problem } from '../../../src/contract/problem.ts';

/** The problem that a promise must end with. */
export async function refusal(promise: Promise<unknown>): Promise<Problem> {
  const outcome = await promise.catch((error: unknown) => error);
  if (outcome instanceof Problem) return outcome;
  throw new Error('It should have been refused with a Problem.', { cause: outcome });
}
