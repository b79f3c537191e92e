import { secondsAfter } from '../contract/time.ts';
import { type LookAfterDeps, sweepLinks } from './link/acting-as.ts';
import type { ChatQueue } from './ports/chat-queue.ts';
import type { ChatRequests } from './ports/chat-requests.ts';

export interface SweepChatsDeps extends LookAfterDeps {
  readonly requests: Pick<ChatRequests, 'claimOverdue' | 'remove'>;
  readonly chatQueue: ChatQueue;
}

/** Longer than a set takes, and than anything is tried. */
const OLDEST_SECONDS = 3 * 86_400;
/** One run's bound: what is left is there for the next run, a minute later. */
const MOST_PER_RUN = 1000;

/**
 * Sends the message of every request that should have moved and has not, removes those that are over, and looks after
 * links. Answers how many were woken.
 */
export async function sweepChats(deps: SweepChatsDeps): Promise<number> {
  const now = deps.now();
  let [woken, seen] = [0, 0];
  for await (const { id, state, receivedAt } of deps.requests.claimOverdue(now)) {
    if (state === 'over' || now > secondsAfter(new Date(receivedAt), OLDEST_SECONDS)) await deps.requests.remove(id);
    else {
      await deps.chatQueue.send(id, 0);
      woken++;
    }
    if (++seen >= MOST_PER_RUN) break;
  }
  await sweepLinks(deps);
  return woken;
}
