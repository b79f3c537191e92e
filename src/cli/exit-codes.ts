import type { Check, CheckSet, DryRun } from '../client/answers.ts';

/** What a shell is told. */
export const exitCodes = {
  ok: 0,
  error: 1,
  usage: 2,
  unreachable: 3,
  notSignedIn: 4,
  refused: 5,
  unknown: 6,
  running: 7,
  interrupted: 130,
} as const;

export function exitOfCheck({ status, verdict }: Pick<Check, 'status' | 'verdict'>): number {
  if (status === 'NotStarted' || status === 'Running') return exitCodes.running;
  if (status !== 'Succeeded') return exitCodes.unknown;
  switch (verdict.reachability) {
    case 'Reachable':
      return exitCodes.ok;
    case 'Unreachable':
    case 'Degraded':
      return exitCodes.unreachable;
    default:
      return exitCodes.unknown;
  }
}

/** The first of these that one of its checks has. */
export function exitOfSet({ counts }: Pick<CheckSet, 'counts'>): number {
  if (counts.running > 0) return exitCodes.running;
  if (counts.unreachable + counts.degraded > 0) return exitCodes.unreachable;
  if (counts.inconclusive + counts.failed + counts.canceled > 0) return exitCodes.unknown;
  return counts.refused > 0 ? exitCodes.refused : exitCodes.ok;
}

export const exitOfDryRun = ({ decision }: DryRun): number => (decision.allowed ? exitCodes.ok : exitCodes.refused);
