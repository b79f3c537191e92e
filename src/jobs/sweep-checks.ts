import type { InvocationContext, TimerHandler } from '@azure/functions';
import type { CheckQueue } from '../check/ports/check-queue.ts';
import { sweep, type SweepDeps } from '../check/sweep.ts';
import { type SweepNoticesDeps, sweepNotices } from '../notify/sweep-notices.ts';
import type { SetQueue } from '../set/ports/set-queue.ts';
import { describe, type Log, logOf } from '../log/log.ts';

/** What waits in a queue; `oldestSeconds` is the age of the message at its front, 0 where it is empty. */
export interface Backlog {
  readonly messages: number;
  readonly oldestSeconds: number;
}

export interface SweepChecksDeps extends SweepDeps, SweepNoticesDeps {
  /** Sets whose step should have come. */
  readonly overdueSets: SweepDeps['overdue'];
  readonly setQueue: SetQueue;
  /** Wakes chat requests, and looks after links; absent where no chat is set up. */
  readonly sweepChats?: (() => Promise<unknown>) | undefined;
  /** By the queue's name. */
  readonly backlogs?: Readonly<Record<string, () => Promise<Backlog>>>;
}

/** The timer that wakes what should have moved, telling the log of each, and what waits in the queues. */
export function sweepChecks(deps: SweepChecksDeps): TimerHandler {
  return async (_timer, context: InvocationContext) => {
    const log = logOf(context);
    const send: CheckQueue['send'] = async (checkId, delaySeconds) => {
      await deps.queue.send(checkId, delaySeconds);
      log.warn('An overdue check was queued again.', { checkId });
    };
    const sendSet: SetQueue['send'] = async (setId, delaySeconds) => {
      await deps.setQueue.send(setId, delaySeconds);
      log.warn('An overdue set was queued again.', { setId });
    };
    const tellStray = (what: Readonly<Record<string, string>>): void => {
      log.error('A marker of what is not in storage was removed: somebody changed the table.', what);
    };
    const swept = await Promise.allSettled([
      sweep({
        ...deps,
        queue: { send },
        tellStray: (checkId) => {
          tellStray({ checkId });
        },
      }),
      sweep({
        ...deps,
        overdue: deps.overdueSets,
        queue: { send: sendSet },
        tellStray: (setId) => {
          tellStray({ setId });
        },
      }),
      sweepNotices(deps),
      deps.sweepChats?.(),
    ]);
    for (const [queue, backlog] of Object.entries(deps.backlogs ?? {})) await tell(log, queue, backlog);
    const failed = swept.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  };
}

/** A queue that cannot be measured keeps nobody from working. */
async function tell(log: Log, queue: string, backlog: () => Promise<Backlog>): Promise<void> {
  try {
    log.info('queue', { queue, ...(await backlog()) });
  } catch (error) {
    log.warn('A queue could not be measured.', { queue, cause: describe(error) });
  }
}
