import type { StorageQueueHandler } from '@azure/functions';
import { failPoisoned, type FailPoisonedDeps } from '../check/fail-poisoned.ts';
import { checkIdOfMessage } from './check-id-of-message.ts';
import { logOf } from '../log/log.ts';
import { logEnd } from '../log/log-end.ts';
import { type CheckTrace, tracedStore } from '../log/traced-store.ts';

/** Takes what the host gave up on from the poison queue, and ends its check. */
export function poisonMessage(deps: Omit<FailPoisonedDeps, 'onEnded'>): StorageQueueHandler {
  return async (message, context) => {
    const checkId = checkIdOfMessage(message);
    const about: CheckTrace = checkId === undefined ? {} : { checkId };
    const log = logOf(context, about);
    if (checkId === undefined) {
      log.warn('A poison message that names no check was dropped.', { messageId: context.triggerMetadata?.['id'] });
      return;
    }
    const store = tracedStore(deps.store, about);
    const ended = await failPoisoned({ ...deps, store, onEnded: logEnd(log) }, checkId);
    log.error('A message was poisonous.', { ended });
  };
}
