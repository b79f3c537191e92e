import type { CheckView } from '../../contract/check.ts';
import type { Check } from './check.ts';
import { blankProbeHeaders } from './blank-probe-headers.ts';
import { type Pause, statedVerdict } from './stated-verdict.ts';

/** A check as its reader sees it; `answer` is ARM's own, as it came, and a pause is told where it is known. */
export function viewOf(check: Check, answer?: string, pause?: Pause): CheckView {
  const { id, status, caller, reason, networkWatcher, warnings, createdAt } = check;
  const { callback, rerunOf, member, sharedWith } = check;
  return {
    id,
    status,
    requester: caller.requester,
    request: blankProbeHeaders(check.request),
    reason,
    networkWatcher,
    warnings,
    createdAt,
    ...('startedAt' in check && check.startedAt !== undefined ? { startedAt: check.startedAt } : {}),
    ...('finishedAt' in check ? { finishedAt: check.finishedAt } : {}),
    ...(check.status === 'Succeeded' && answer !== undefined ? { result: JSON.parse(answer) } : {}),
    verdict: statedVerdict(check, pause),
    ...(check.status === 'Failed' ? { error: check.error } : {}),
    callback,
    rerunOf,
    setId: member?.setId,
    sharedWith,
  };
}
