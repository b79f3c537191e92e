import type { Reachability } from '../../contract/verdict.ts';
import { seenOf } from '../sight/sight.ts';
import { type Check, hasEnded } from '../state/check.ts';
import type { EndedCheck } from './flow-index.ts';

/** A check as the index of flows has it; `undefined` where it says nothing of its flow: it is open, or was canceled. */
export function endedCheckOf(check: Check): EndedCheck | undefined {
  if (!hasEnded(check) || check.status === 'Canceled') return undefined;
  const { source, destination, protocol } = check.request;
  return {
    ...seenOf(check),
    request: { source, destination, ...(protocol && { protocol }) },
    at: check.finishedAt,
    ...(check.status === 'Succeeded' ? { reachability: check.verdict.reachability } : { code: check.error.code }),
  };
}

export const isFailure = (reachability: Reachability | undefined): boolean =>
  reachability === 'Unreachable' || reachability === 'Degraded';
