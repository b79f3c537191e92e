import type { CallbackStatus } from '../contract/answer/callback-view.ts';
import { secondsAfter } from '../contract/time.ts';
import { secondsUntil } from '../check/state/schedule.ts';
import { type CallbackDecision, decideCallback } from '../policy/callback/decide-callback.ts';
import { deniedAddress } from '../policy/callback/denied-address.ts';
import type { Policy } from '../policy/policy.ts';
import { LOOK_SECONDS } from './listeners.ts';
import { nextTry } from './next-try.ts';
import { keyOf, type NoticeKey } from './notice.ts';
import type { NoticeQueue } from './ports/notice-queue.ts';
import type { NoticeStore, StoredNotice } from './ports/notice-store.ts';
import type { Post, PostOutcome } from './ports/post.ts';
import type { FindSubject, Subject } from './ports/subject.ts';

export interface DeliverDeps {
  readonly notices: NoticeStore;
  readonly noticeQueue: NoticeQueue;
  readonly findSubject: FindSubject;
  readonly post: Post;
  readonly policy: Policy;
  readonly now: () => Date;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** What a message came to, for the log line. `stray`: what it was about was never accepted. */
export interface DeliverOutcome {
  readonly outcome: 'unknown' | 'early' | 'lost' | 'stray' | 'waiting' | 'over' | 'again' | CallbackStatus;
  readonly attempts?: number;
  /** What the receiver answered, or why it did not. */
  readonly status?: number;
  readonly cause?: string;
}

/** More than a try and what is written after it take; then another worker may take over. */
const LEASE_SECONDS = 90;
/** More than are made in a day. */
const MOST_TRIES = 40;
/** Clocks differ, and a queue counts in whole seconds. */
const EARLY_SECONDS = 5;

/**
 * Moves one notice by one step: tells whoever it is for, where the time has come. It can be run again, or go on elsewhere,
 * at any point: at worst somebody is told twice, under the same id. Throws `StorageUnavailable` and `AuditUnavailable`.
 */
export async function deliver(deps: DeliverDeps, key: NoticeKey): Promise<DeliverOutcome> {
  const found = await deps.notices.find(key);
  if (!found) return { outcome: 'unknown' };
  if (secondsAfter(deps.now(), EARLY_SECONDS) < new Date(found.notice.dueAt)) return { outcome: 'early' };
  const subject = await deps.findSubject(key.about);
  if (!subject || subject.isOver) {
    await deps.notices.remove(found);
    return { outcome: subject ? 'over' : 'stray' };
  }
  const { endedAt } = subject;
  return endedAt ? tell(deps, found, { ...subject, endedAt }) : lookAgain(deps, found);
}

/** Whoever writes its end wakes it; this is only for what nobody foresaw. */
async function lookAgain({ notices, now }: DeliverDeps, stored: StoredNotice): Promise<DeliverOutcome> {
  const dueAt = secondsAfter(now(), LOOK_SECONDS).toISOString();
  const written = await notices.replace(stored, { ...stored.notice, dueAt });
  return { outcome: written ? 'waiting' : 'lost' };
}

type Ended = Subject & { readonly endedAt: Date };

async function tell(deps: DeliverDeps, stored: StoredNotice, subject: Ended): Promise<DeliverOutcome> {
  const { notice } = stored;
  const attempts = notice.attempts + 1;
  const isNamed = await subject.isNamed(notice);
  const called = isNamed ? decideCallback(deps.policy, subject.caller, notice.to.url) : changed(deps);
  if (!called.allowed) return end(deps, stored, subject, { called, status: 'refused', attempts: notice.attempts });
  // Whoever died at every try would be woken for ever.
  if (notice.attempts >= MOST_TRIES)
    return end(deps, stored, subject, { called, status: 'failed', attempts: notice.attempts });
  const dueAt = secondsAfter(deps.now(), LEASE_SECONDS).toISOString();
  const mine = await deps.notices.replace(stored, { ...notice, attempts, dueAt });
  if (!mine) return { outcome: 'lost' };
  const answer = await deps.post({
    url: called.url,
    id: notice.about.id,
    body: await bodyOf(subject),
    deniedAddress: (address) => deniedAddress(deps.policy, address, called.allowance),
  });
  const status = statusOf(answer);
  if (status) return end(deps, mine, subject, { called, status, attempts, answer });
  return again(deps, mine, subject, { called, attempts, answer });
}

/** docs/security.md#who-sees-what */
const changed = ({ policy }: DeliverDeps): CallbackDecision => ({
  allowed: false,
  decision: {
    allowed: false,
    reason: 'The notice is not as it was written, so nobody is called: look who can write the table `notices`.',
    policy: policy.hash,
  },
});

/** `undefined`: it is to be tried again. A redirect is not followed: it names another place, which nobody allowed. */
function statusOf(answer: PostOutcome): 'delivered' | 'gone' | undefined {
  if (answer.kind === 'failed') return undefined;
  if (answer.status >= 200 && answer.status < 300) return 'delivered';
  return answer.status === 410 ? 'gone' : undefined;
}

const bodyOf = async ({ type, endedAt, view }: Ended): Promise<string> =>
  JSON.stringify({ type, timestamp: endedAt.toISOString(), data: await view() });

interface Try {
  readonly called: CallbackDecision;
  readonly attempts: number;
  readonly answer?: PostOutcome;
}

async function again(deps: DeliverDeps, mine: StoredNotice, subject: Ended, made: Try): Promise<DeliverOutcome> {
  const { attempts, answer } = made;
  const due = nextTry(deps.now(), subject.endedAt, attempts, deps.random);
  if (!due) return end(deps, mine, subject, { ...made, status: 'failed' });
  await subject.tried(attempts);
  if (!(await deps.notices.replace(mine, { ...mine.notice, dueAt: due.toISOString() }))) return { outcome: 'lost' };
  await deps.noticeQueue.send(keyOf(mine.notice), secondsUntil(deps.now(), due));
  return { outcome: 'again', attempts, ...said(answer) };
}

/** First what it came to, then the notice goes: the other way round a crash in between would leave nobody to end it. */
async function end(
  deps: DeliverDeps,
  stored: StoredNotice,
  subject: Ended,
  { called, status, attempts, answer }: Try & { readonly status: Exclude<CallbackStatus, 'pending'> },
): Promise<DeliverOutcome> {
  await subject.over({ status, attempts, decision: called.decision });
  await deps.notices.remove(stored);
  return { outcome: status, attempts, ...said(answer) };
}

function said(answer: PostOutcome | undefined) {
  if (!answer) return {};
  return answer.kind === 'answered' ? { status: answer.status } : { cause: answer.cause };
}
