import type { StorageQueueHandler } from '@azure/functions';
import type { RunExclusive } from '../check/run-exclusive.ts';
import { againSeconds } from '../check/state/schedule.ts';
import { step, type StepDeps } from '../check/step.ts';
import { Problem } from '../contract/problem.ts';
import { describe } from '../log/log.ts';
import { loggedWatcher } from '../log/logged-watcher.ts';
import { onCheckMessage } from './check-message.ts';

export interface WorkDeps extends Omit<StepDeps, 'onEnded'> {
  readonly runExclusive: RunExclusive;
}

/**
 * The worker: one message, one step. Messages of one check take turns: the second of two would read the row before the
 * first has written what Azure told it, and would poll the same operation again, at its former URL.
 * docs/decisions.md#messages-of-one-check-take-turns-in-an-instance-and-a-poll-is-not-claimed
 */
export function work(deps: WorkDeps): StorageQueueHandler {
  return onCheckMessage(
    deps,
    'A message that names no check was dropped.',
    async ({ checkId, store, log, onEnded }) => {
      try {
        const watcher = loggedWatcher(deps.watcher, log);
        const outcome = await deps.runExclusive(checkId, () => step({ ...deps, store, watcher, onEnded }, checkId));
        log.info('step', { outcome });
      } catch (error) {
        if (!isTransient(error)) {
          // The host's own line about it names no check.
          log.error('A step broke down.', { cause: describe(error) });
          throw error;
        }
        // The queue's attempts are for crashes: what will pass is not one, and the sweeper is behind this message too.
        log.warn('A step will be tried again.', { code: error.code, cause: describe(error) });
        await deps.queue.send(checkId, againSeconds(deps.random));
      }
    },
  );
}

const isTransient = (error: unknown): error is Problem =>
  error instanceof Problem && (error.code === 'StorageUnavailable' || error.code === 'AuditUnavailable');
