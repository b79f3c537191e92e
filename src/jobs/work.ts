import type { StorageQueueHandler } from '@azure/functions';
import type { RunExclusive } from '../check/run-exclusive.ts';
import { againSeconds } from '../check/state/schedule.ts';
import { step, type StepDeps } from '../check/step.ts';
import { isNotAsWritten } from '../contract/rows/not-as-written.ts';
import { Problem } from '../contract/problem.ts';
import { describe, type Log } from '../log/log.ts';
import { loggedWatcher } from '../log/logged-watcher.ts';
import { type StepSetDeps, stepSet } from '../set/step.ts';
import { onMessage } from './on-message.ts';

export type WorkDeps = Omit<StepDeps, 'onEnded'> &
  Omit<StepSetDeps, 'warn' | 'runExclusive'> & {
    /** Messages of one check, or of one set, take turns. */
    readonly runExclusive: RunExclusive;
    /** Members of sets take turns with what their requester asks for otherwise. */
    readonly submitTurns: RunExclusive;
  };

/**
 * The worker: one message, one step. Messages of one check take turns: the second of two would read the row before the
 * first has written what Azure told it, and would poll the same operation again, at its former URL.
 * docs/decisions.md#messages-of-one-check-take-turns-in-an-instance-and-a-poll-is-not-claimed
 */
export function work(deps: WorkDeps): StorageQueueHandler {
  return onMessage(deps, 'A message that names no check was dropped.', {
    check: ({ checkId, store, log, onEnded }) =>
      orAgain(deps, deps.queue, checkId, log, async () => {
        const watcher = loggedWatcher(deps.watcher, log);
        const outcome = await deps.runExclusive(checkId, () => step({ ...deps, store, watcher, onEnded }, checkId));
        log.info('step', { outcome });
      }),
    set: ({ setId, log }) =>
      orAgain(deps, deps.setQueue, setId, log, async () => {
        const warn: StepSetDeps['warn'] = (message, error, about) => {
          log.warn(message, { ...about, cause: describe(error) });
        };
        const outcome = await deps.runExclusive(setId, () =>
          stepSet({ ...deps, runExclusive: deps.submitTurns, warn }, setId),
        );
        log.info('set step', { outcome });
      }),
  });
}

/** The queue's attempts are for crashes: what will pass is not one, and the sweeper is behind this message too. */
async function orAgain(
  { random }: WorkDeps,
  queue: { readonly send: (id: string, delaySeconds: number) => Promise<void> },
  id: string,
  log: Log,
  takeStep: () => Promise<void>,
): Promise<void> {
  try {
    await takeStep();
  } catch (error) {
    if (!isTransient(error)) {
      // The host's own line about it names no check.
      if (!isNotAsWritten(error)) log.error('A step broke down.', { cause: describe(error) });
      throw error;
    }
    log.warn('A step will be tried again.', { code: error.code, cause: describe(error) });
    await queue.send(id, againSeconds(random));
  }
}

const isTransient = (error: unknown): error is Problem =>
  error instanceof Problem && (error.code === 'StorageUnavailable' || error.code === 'AuditUnavailable');
