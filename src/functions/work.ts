import type { StorageQueueHandler } from '@azure/functions';
import { step, type StepDeps } from '../check/step.ts';
import { Problem } from '../contract/problem.ts';
import { checkIdOfMessage } from './check-id-of-message.ts';
import { describe, logOf } from './log.ts';

/** Seconds until a step that met trouble with storage or audit is tried again; up to twice as long, so that they spread. */
const TROUBLE_SECONDS = 10;

/** The worker: one message, one step. */
export function work(deps: StepDeps): StorageQueueHandler {
  return async (message, context) => {
    const log = logOf(context);
    const checkId = checkIdOfMessage(message);
    if (checkId === undefined) {
      log.warn('A message that names no check was dropped.', { messageId: context.triggerMetadata?.['id'] });
      return;
    }
    try {
      log.info('step', { checkId, outcome: await step(deps, checkId) });
    } catch (error) {
      if (!isTrouble(error)) throw error;
      // The queue's attempts are for crashes: what will pass is not one, and the sweeper is behind this message too.
      log.warn('A step will be tried again.', { checkId, cause: describe(error) });
      await deps.queue.send(checkId, Math.ceil(TROUBLE_SECONDS * (1 + deps.random())));
    }
  };
}

const isTrouble = (error: unknown): boolean =>
  error instanceof Problem && (error.code === 'StorageUnavailable' || error.code === 'AuditUnavailable');
