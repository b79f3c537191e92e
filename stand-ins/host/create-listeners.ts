import { createBackOff } from './queue/back-off.ts';
import type { Invoke } from './create-invoke.ts';
import type { QueueSettings } from './host-json.ts';
import type { HostedFunction } from './hosted-function.ts';
import type { ManualListener } from './listener.ts';
import type { Log } from './log.ts';
import { openQueueService, type Environment } from './queue/open-queue-service.ts';
import { createQueueListener } from './queue/queue-listener.ts';
import { resolveName } from './resolve-name.ts';
import { openStorageQueue } from './queue/storage-queue.ts';
import { createTimerListener, parseSchedule } from './timer-listener.ts';

interface Deps {
  readonly invoke: Invoke;
  readonly environment: Environment;
  readonly settings: QueueSettings;
  readonly invisibleSeconds: number;
  readonly firstPollMs: number;
  readonly closed: AbortSignal;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
}

/** A listener for every function that HTTP does not trigger. */
export async function createListeners(deps: Deps, functions: readonly HostedFunction[]): Promise<ManualListener[]> {
  const listeners = await Promise.all(functions.map((hosted) => createListener(deps, hosted)));
  return listeners.flat();
}

async function createListener(deps: Deps, hosted: HostedFunction): Promise<ManualListener[]> {
  const { trigger } = hosted;
  if (trigger.type === 'httpTrigger') return [];
  if (trigger.type === 'timerTrigger') {
    const nextRun = parseSchedule(resolveName(trigger.schedule, deps.environment));
    return [createTimerListener({ ...deps, hosted, nextRun, runOnStartup: trigger.runOnStartup })];
  }
  const service = await openQueueService(trigger.connection, deps.environment);
  const name = resolveName(trigger.queueName, deps.environment);
  const open = (queue: string) => openStorageQueue(service, queue, deps.closed);
  const poison = name.endsWith('-poison') ? undefined : open(`${name}-poison`);
  const backOff = createBackOff({
    first: deps.firstPollMs,
    longest: deps.settings.maxPollingInterval,
    random: deps.random,
  });
  return [createQueueListener({ ...deps, hosted, queue: open(name), poison, backOff })];
}
