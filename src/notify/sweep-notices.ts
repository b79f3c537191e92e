import type { NoticeQueue } from './ports/notice-queue.ts';
import type { NoticeStore } from './ports/notice-store.ts';

export interface SweepNoticesDeps {
  readonly notices: Pick<NoticeStore, 'claimOverdue'>;
  readonly noticeQueue: NoticeQueue;
  readonly now: () => Date;
}

/** One run's bound: what is left is there for the next run, a minute later. */
const MOST_PER_RUN = 1000;

/** Sends the message of every notice that should have moved and has not; answers how many. A pause is none of theirs. */
export async function sweepNotices(
  { notices, noticeQueue, now }: SweepNoticesDeps,
  most = MOST_PER_RUN,
): Promise<number> {
  let woken = 0;
  for (const overdue of notices.claimOverdue(now())) {
    for await (const key of overdue) {
      woken++;
      await noticeQueue.send(key, 0);
      if (woken >= most) return woken;
    }
  }
  return woken;
}
