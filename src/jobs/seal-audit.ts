import type { TimerHandler } from '@azure/functions';
import { seal, type SealDeps } from '../audit/seal/seal.ts';
import { summariseRefusals } from '../audit/summarise-refusals.ts';
import { describe, logOf } from '../log/log.ts';

/** The timer that sums up refusals and covers the newest audit events by a signed checkpoint. */
export function sealAudit(deps: SealDeps & Parameters<typeof summariseRefusals>[0]): TimerHandler {
  return async (_timer, context) => {
    const log = logOf(context);
    try {
      const summaries = await summariseRefusals(deps);
      const { warnings, ...sealed } = await seal(deps);
      log.info('The audit was sealed.', { ...sealed, summaries: summaries.count });
      for (const cause of [...summaries.warnings, ...warnings])
        log.error('Something in storage is not as the proxy wrote it.', { cause });
    } catch (error) {
      // The alert on a failing audit reads the code, whatever part of the sealing failed.
      log.error('The audit could not be sealed.', { code: 'AuditUnavailable', cause: describe(error) });
      throw error;
    }
  };
}
