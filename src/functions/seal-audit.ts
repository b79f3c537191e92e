import type { TimerHandler } from '@azure/functions';
import { seal, type SealDeps } from '../audit/seal.ts';
import { logOf } from './log.ts';

/** The timer that covers the newest audit events by a signed checkpoint. */
export function sealAudit(deps: SealDeps): TimerHandler {
  return async (_timer, context) => {
    const { checkpoints, events } = await seal(deps);
    logOf(context).info('The audit was sealed.', { checkpoints, events });
  };
}
