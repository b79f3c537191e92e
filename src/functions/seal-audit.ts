import type { TimerHandler } from '@azure/functions';
import { seal, type SealDeps } from '../audit/seal.ts';
import { summariseRefusals } from '../audit/summarise-refusals.ts';
import { logOf } from './log.ts';

/** The timer that sums up refusals and covers the newest audit events by a signed checkpoint. */
export function sealAudit(deps: SealDeps & Parameters<typeof summariseRefusals>[0]): TimerHandler {
  return async (_timer, context) => {
    const summaries = await summariseRefusals(deps);
    const { checkpoints, events } = await seal(deps);
    logOf(context).info('The audit was sealed.', { checkpoints, events, summaries });
  };
}
