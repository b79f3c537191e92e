import { Problem } from '../contract/problem.ts';

/** Lets work of one key run one after the other, in this process; other keys do not wait. */
export type RunExclusive = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** When so many wait for one key, the next is turned away: to ask again is quicker than to wait at the end of this line. */
const MOST_WAITING = 50;

/**
 * Turns are taken within one instance. For example, requests of one requester take turns, because two that are decided at
 * the same time do not see each other in the history: a limit can be exceeded by one request for each further instance.
 */
export function createRunExclusive(mostWaiting = MOST_WAITING): RunExclusive {
  const lines = new Map<string, { last: Promise<unknown>; waiting: number }>();
  return async (key, work) => {
    const line = lines.get(key) ?? { last: Promise.resolve(), waiting: 0 };
    if (line.waiting >= mostWaiting) {
      throw new Problem('TooManyRequests', 'Too many of your requests wait to be decided: ask again in a moment.', {
        retryAfterSeconds: 1,
      });
    }
    lines.set(key, line);
    line.waiting++;
    const turn = line.last.then(work);
    line.last = Promise.allSettled([turn]);
    try {
      return await turn;
    } finally {
      line.waiting--;
      if (line.waiting === 0) lines.delete(key);
    }
  };
}
