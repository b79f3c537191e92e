import type { BackOff } from './back-off.ts';
import type { Listener } from '../listener.ts';
import { errorText } from '../log.ts';
import { pause } from '../pause.ts';
import { processMessage, type MessageDeps } from './process-message.ts';
import type { QueueMessage } from './storage-queue.ts';

interface Deps extends MessageDeps {
  readonly backOff: BackOff;
}

/**
 * Runs a function for each message of its queue: takes up to `batchSize` at once, and again as soon as no more than
 * `newBatchThreshold` are running; an empty queue is asked ever more rarely.
 */
export function createQueueListener(deps: Deps): Listener {
  const { hosted, settings, backOff } = deps;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let listening = Promise.resolve();

  const listen = async () => {
    while (!stopping.signal.aborted) {
      const messages = await receive(deps);
      for (const message of messages) {
        const task = finish(deps, message, stopping.signal).finally(() => running.delete(task));
        running.add(task);
      }
      if (messages.length > 0) backOff.reset();
      else await pause(backOff.next(), stopping.signal);
      while (running.size > settings.newBatchThreshold) await Promise.race(running);
    }
  };

  return {
    name: hosted.name,
    start() {
      listening = listen();
    },
    async stop() {
      stopping.abort();
      await listening;
      await Promise.all(running);
    },
  };
}

async function receive({ queue, settings, invisibleSeconds, log }: Deps): Promise<readonly QueueMessage[]> {
  try {
    return await queue.receive(settings.batchSize, invisibleSeconds);
  } catch (error) {
    log({ level: 'warning', message: `Queue ${queue.name} could not be read.`, error: errorText(error) });
    return [];
  }
}

async function finish(deps: Deps, message: QueueMessage, stopping: AbortSignal): Promise<void> {
  const { queue, log } = deps;
  try {
    // What arrives while we stop is for the next start: there it would stay hidden for minutes.
    if (stopping.aborted) await queue.hide(message.messageId, message.popReceipt, 0);
    else await processMessage(deps, message);
  } catch (error) {
    const text = `Message ${message.messageId} of queue ${queue.name} could not be finished: it will be tried again.`;
    log({ level: 'error', message: text, error: errorText(error) });
  }
}
