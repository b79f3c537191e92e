import type { Listeners } from '../check/ports/listeners.ts';
import { Problem } from '../contract/problem.ts';
import { secondsAfter } from '../contract/time.ts';
import { type About, type Notice, keyOf } from './notice.ts';
import type { NoticeQueue } from './ports/notice-queue.ts';
import type { NoticeStore, StoredNotice } from './ports/notice-store.ts';

interface ListenersDeps {
  readonly notices: NoticeStore;
  readonly noticeQueue: NoticeQueue;
  readonly now: () => Date;
}

/** When somebody looks whether what has a notice was ever accepted, and has not ended unnoticed. */
export const LOOK_SECONDS = 3600;
/** More than a submit takes from its notice to its check. */
const SUBMIT_SECONDS = 600;
const MAX_TRIES = 8;

/** Whom the end of what is of that kind is told to, as notices. */
export function createListeners(deps: ListenersDeps, kind: About['kind']): Listeners {
  const { notices, noticeQueue, now } = deps;

  /** The first of racing submits, or one that broke off, has left it: it must not be taken for a stray meanwhile. */
  async function keepWaiting(notice: Notice): Promise<boolean> {
    const found = await notices.find(keyOf(notice));
    if (!found) return notices.insert(notice);
    const until = secondsAfter(now(), SUBMIT_SECONDS).toISOString();
    if (found.notice.attempts > 0 || found.notice.dueAt > until) return true;
    return (await notices.replace(found, { ...found.notice, dueAt: until })) !== undefined;
  }

  /** Where telling has begun, its own time holds. */
  async function makeDue({ notice, version }: StoredNotice): Promise<boolean> {
    if (notice.attempts === 0 && new Date(notice.dueAt) > now()) {
      if (!(await notices.replace({ notice, version }, { ...notice, dueAt: now().toISOString() }))) return false;
    }
    if (notice.attempts === 0) await noticeQueue.send(keyOf(notice), 0);
    return true;
  }

  return {
    add: async (id, to) => {
      const about = { kind, id };
      const notice = { about, to, dueAt: secondsAfter(now(), LOOK_SECONDS).toISOString(), attempts: 0 };
      if (await notices.insert(notice)) return;
      await insist(() => keepWaiting(notice));
    },
    wake: async (id) => {
      await insist(async () => {
        const all = await notices.findAll({ kind, id });
        return (await Promise.all(all.map(makeDue))).every((done) => done);
      });
    },
  };
}

async function insist(act: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) if (await act()) return;
  throw new Problem('StorageUnavailable', 'A notice is moving too fast. Ask again.', {
    retryAfterSeconds: 1,
  });
}
