import type { StorageQueueHandler } from '@azure/functions';
import { failPoisoned, type FailPoisonedDeps } from '../check/fail-poisoned.ts';
import { onMessage } from './on-message.ts';

/** Takes what the host gave up on from the poison queue, and ends its check. A set has its own deadline, and is woken until then. */
export function poisonMessage(deps: Omit<FailPoisonedDeps, 'onEnded'>): StorageQueueHandler {
  return onMessage(deps, 'A poison message that names no check was dropped.', {
    check: async ({ checkId, store, log, onEnded }) => {
      const ended = await failPoisoned({ ...deps, store, onEnded }, checkId);
      log.error('A message was poisonous.', { ended });
    },
    set: ({ log }) => {
      log.error('A message was poisonous.', { ended: false });
      return Promise.resolve();
    },
  });
}
