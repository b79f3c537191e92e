import type { Answer, NetworkWatcher } from '../check/ports/network-watcher.ts';
import type { Log } from './log.ts';

/** Tells the log what each call for a check came to, look-ups that found nothing included: throttling shows as status 429. */
export function loggedWatcher(watcher: NetworkWatcher, log: Log): NetworkWatcher {
  const told = async (call: string, answer: Promise<Answer>): Promise<Answer> => {
    const { kind, arm } = await answer;
    log.info('arm', { call, outcome: kind, ...arm });
    return answer;
  };
  return {
    find: async (...call) => {
      const found = await watcher.find(...call);
      if (found.kind !== 'found') log.info('arm', { call: 'find', outcome: found.kind, ...found.arm });
      return found;
    },
    begin: (...call) => told('begin', watcher.begin(...call)),
    poll: (...call) => told('poll', watcher.poll(...call)),
  };
}
