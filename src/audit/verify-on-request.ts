import type { Actor } from '../contract/actor.ts';
import { Problem } from '../contract/problem.ts';
import { DAY_MILLISECONDS } from '../contract/time.ts';
import type { Verification } from './verify/verification.ts';
import { type AccessDeps, recordAccess } from './record-access.ts';
import type { Period } from './verify/period.ts';
import { verify, type VerifyDeps } from './verify/verify.ts';

const MAX_DAYS = 31;

export interface VerificationRequest {
  /** Absent: a day before the end. */
  readonly from?: Date | undefined;
  /** Absent: up to now. */
  readonly to?: Date | undefined;
  /** Path and query of the verification, for the audit. */
  readonly resource: string;
}

/** Holds the audit of a time to its checkpoints, which is audited as a reading. Throws as `verify` does, and `InvalidRequest`. */
export async function verifyOnRequest(
  deps: AccessDeps & VerifyDeps,
  actor: Actor,
  { from, to, resource }: VerificationRequest,
): Promise<Verification> {
  const period = periodOf(deps.now(), from, to);
  await recordAccess(deps, actor, { action: 'read', resource });
  return verify(deps, period);
}

function periodOf(now: Date, from: Date | undefined, to: Date | undefined): Period {
  const end = to ?? now;
  const begin = from ?? new Date(end.getTime() - DAY_MILLISECONDS);
  const days = (end.getTime() - begin.getTime()) / DAY_MILLISECONDS;
  if (days >= 0 && days <= MAX_DAYS) return { from: begin, to };
  throw new Problem('InvalidRequest', `Ask for at most ${MAX_DAYS} days, and give \`from\` before \`to\`.`, {
    target: 'from',
  });
}
