import { createBackOff } from './queue/back-off.ts';
import type { Invoke } from './create-invoke.ts';
import type { HostJson } from './host-json.ts';
import type { HostedFunction } from './hosted-function.ts';
import type { Listener } from './listener.ts';
import type { Log } from './log.ts';
import { openQueueService, type Environment } from './queue/open-queue-service.ts';
import { createQueueListener } from './queue/queue-listener.ts';
import { openStorageQueue } from './queue/storage-queue.ts';
import { createTimerListener, parseSchedule } from './timer-listener.ts';
import type { TimerMonitor } from './timer-monitor.ts';

interface Deps {
  readonly invoke: Invoke;
  readonly environment: Environment;
  readonly hostJson: HostJson;
  readonly monitor: TimerMonitor;
  readonly invisibleSeconds: number;
  readonly firstPollMs: number;
  readonly closed: AbortSignal;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
}

/** A listener for every function that HTTP does not trigger. */
export async function createListeners(deps: Deps, functions: readonly HostedFunction[]): Promise<Listener[]> {
  const listeners = await Promise.all(functions.map((hosted) => createListener(deps, hosted)));
  return listeners.flat();
}

async function createListener(deps: Deps, hosted: HostedFunction): Promise<Listener[]> {
  const { trigger } = hosted;
  if (trigger.type === 'httpTrigger') return [];
  if (trigger.type === 'timerTrigger') {
    return [createTimerListener({ ...deps, hosted, nextRun: parseSchedule(trigger.schedule) })];
  }
  if (!deps.hostJson.hasBundle) {
    const message = `The '${hosted.name}' function is in error: The binding type(s) 'queueTrigger' are not registered. Please ensure the type is correct and the binding extension is installed.`;
    deps.log({ level: 'error', message });
    return [];
  }
  return [await queueListener(deps, hosted, trigger.queueName)];
}

async function queueListener(deps: Deps, hosted: HostedFunction, name: string): Promise<Listener> {
  const service = await openQueueService(deps.environment);
  const open = (queue: string) => openStorageQueue(service, queue, deps.closed);
  const poison = name.endsWith('-poison') ? undefined : open(`${name}-poison`);
  const settings = deps.hostJson.queues;
  const backOff = createBackOff({
    first: deps.firstPollMs,
    longest: settings.maxPollingInterval,
    random: deps.random,
  });
  return createQueueListener({ ...deps, hosted, queue: open(name), poison, settings, backOff });
}
