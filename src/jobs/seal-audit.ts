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
      const { checkpoints, events, passedOver } = await seal(deps);
      log.info('The audit was sealed.', { checkpoints, events, summaries });
      if (passedOver.size > 0) {
        const [first] = passedOver;
        log.warn('Markers of events that there cannot be were passed over.', { count: passedOver.size, first });
      }
    } catch (error) {
      // The alert on a failing audit reads the code, whatever part of the sealing failed.
      log.error('The audit could not be sealed.', { code: 'AuditUnavailable', cause: describe(error) });
      throw error;
    }
  };
}
