import type { app as App, HttpHandler, StorageQueueHandler, TimerHandler } from '@azure/functions';
import { operationNames, operations, type OperationName } from './http/operations.ts';

/** Names that the infrastructure must make. */
export const resourceNames = {
  checksTable: 'checks',
  auditTable: 'audit',
  checkpoints: 'audit-checkpoints',
  queue: 'checks',
  poisonQueue: 'checks-poison',
  noticesTable: 'notices',
  noticesQueue: 'notices',
  noticesPoison: 'notices-poison',
  chatsTable: 'chats',
  chatLinksTable: 'chatlinks',
  chatsQueue: 'chats',
  chatsPoison: 'chats-poison',
} as const;

export interface Handlers {
  readonly http: Readonly<Record<OperationName, HttpHandler>>;
  readonly work: StorageQueueHandler;
  readonly poisonMessage: StorageQueueHandler;
  readonly notify: StorageQueueHandler;
  /** Absent where no chat is set up. */
  readonly chat?: StorageQueueHandler | undefined;
  readonly sweepChecks: TimerHandler;
  readonly sealAudit: TimerHandler;
  readonly verifyLastDays: TimerHandler;
}

/**
 * Everything that can call us: the operations of the HTTP API, queues and timers. HTTP is anonymous to the host, because
 * every handler verifies who calls itself.
 */
export function registerTriggers(app: typeof App, handlers: Handlers): void {
  for (const name of operationNames) {
    const { method, path } = operations[name];
    // The host takes an empty route for none, and names the path by the function.
    const route = path === '' ? '/' : path;
    app.http(name, { methods: [method], authLevel: 'anonymous', route, handler: handlers.http[name] });
  }

  const connection = 'AzureWebJobsStorage';
  app.storageQueue('work', { queueName: resourceNames.queue, connection, handler: handlers.work });
  app.storageQueue('poisonMessage', {
    queueName: resourceNames.poisonQueue,
    connection,
    handler: handlers.poisonMessage,
  });
  app.storageQueue('notify', { queueName: resourceNames.noticesQueue, connection, handler: handlers.notify });
  if (handlers.chat)
    app.storageQueue('chat', { queueName: resourceNames.chatsQueue, connection, handler: handlers.chat });
  // Seconds, minutes, hours … in UTC: every minute.
  app.timer('sweepChecks', { schedule: '0 * * * * *', handler: handlers.sweepChecks });
  app.timer('sealAudit', { schedule: '0 */5 * * * *', handler: handlers.sealAudit });
  // After midnight by any instance's clock, and between two sealings.
  app.timer('verifyLastDays', { schedule: '0 17 0 * * *', handler: handlers.verifyLastDays });
}
