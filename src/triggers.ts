import type { app as App, HttpHandler, StorageQueueHandler, TimerHandler } from '@azure/functions';

/** Names that the infrastructure must make. */
export const resourceNames = {
  checksTable: 'checks',
  auditTable: 'audit',
  checkpoints: 'audit-checkpoints',
  queue: 'checks',
  poisonQueue: 'checks-poison',
} as const;

export interface Handlers {
  readonly submitCheck: HttpHandler;
  readonly listChecks: HttpHandler;
  readonly getCheck: HttpHandler;
  readonly getResult: HttpHandler;
  readonly cancelCheck: HttpHandler;
  readonly getMe: HttpHandler;
  readonly getHealth: HttpHandler;
  readonly getReadiness: HttpHandler;
  readonly work: StorageQueueHandler;
  readonly poisonMessage: StorageQueueHandler;
  readonly listAudit: HttpHandler;
  readonly verifyAudit: HttpHandler;
  readonly makeCheckpoint: HttpHandler;
  readonly sweepChecks: TimerHandler;
  readonly sealAudit: TimerHandler;
  readonly verifyLastDays: TimerHandler;
}

/** Everything that can call us. HTTP is anonymous to the host, because every handler verifies a bearer token itself. */
export function registerTriggers(app: typeof App, handlers: Handlers): void {
  const get = (name: string, route: string, handler: HttpHandler): void => {
    app.http(name, { methods: ['GET'], authLevel: 'anonymous', route, handler });
  };
  const connection = 'AzureWebJobsStorage';

  app.http('submitCheck', {
    methods: ['POST'],
    authLevel: 'anonymous',
    route: 'api/checks',
    handler: handlers.submitCheck,
  });
  get('listChecks', 'api/checks', handlers.listChecks);
  get('getCheck', 'api/checks/{id}', handlers.getCheck);
  get('getResult', 'api/checks/{id}/result', handlers.getResult);
  app.http('cancelCheck', {
    methods: ['DELETE'],
    authLevel: 'anonymous',
    route: 'api/checks/{id}',
    handler: handlers.cancelCheck,
  });
  get('listAudit', 'api/audit', handlers.listAudit);
  get('verifyAudit', 'api/audit/verification', handlers.verifyAudit);
  app.http('makeCheckpoint', {
    methods: ['POST'],
    authLevel: 'anonymous',
    route: 'api/audit/checkpoints',
    handler: handlers.makeCheckpoint,
  });
  get('getMe', 'api/me', handlers.getMe);
  get('getHealth', 'api/health', handlers.getHealth);
  get('getReadiness', 'api/health/ready', handlers.getReadiness);

  app.storageQueue('work', { queueName: resourceNames.queue, connection, handler: handlers.work });
  app.storageQueue('poisonMessage', {
    queueName: resourceNames.poisonQueue,
    connection,
    handler: handlers.poisonMessage,
  });
  // Seconds, minutes, hours … in UTC: every minute.
  app.timer('sweepChecks', { schedule: '0 * * * * *', handler: handlers.sweepChecks });
  app.timer('sealAudit', { schedule: '0 */5 * * * *', handler: handlers.sealAudit });
  // After midnight by any instance's clock, and between two sealings.
  app.timer('verifyLastDays', { schedule: '0 17 0 * * *', handler: handlers.verifyLastDays });
}
