import type { StorageQueueHandler } from '@azure/functions';
import { failPoisoned, type FailPoisonedDeps } from '../check/fail-poisoned.ts';
import { onCheckMessage } from './check-message.ts';

/** Takes what the host gave up on from the poison queue, and ends its check. */
export function poisonMessage(deps: Omit<FailPoisonedDeps, 'onEnded'>): StorageQueueHandler {
  return onCheckMessage(
    deps,
    'A poison message that names no check was dropped.',
    async ({ checkId, store, log, onEnded }) => {
      const ended = await failPoisoned({ ...deps, store, onEnded }, checkId);
      log.error('A message was poisonous.', { ended });
    },
  );
}
