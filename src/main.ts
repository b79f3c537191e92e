import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { app } from '@azure/functions';
import { ManagedIdentityCredential } from '@azure/identity';
import { createTokenVerifier } from './caller/verify-token.ts';
import { createTurns } from './check/turns.ts';
import { bury } from './functions/bury.ts';
import { cancelCheck } from './functions/cancel-check.ts';
import { getCheck } from './functions/get-check.ts';
import { getHealth, getReadiness } from './functions/get-health.ts';
import { getMe } from './functions/get-me.ts';
import { getResult } from './functions/get-result.ts';
import { listAudit } from './functions/list-audit.ts';
import { listChecks } from './functions/list-checks.ts';
import { sealAudit } from './functions/seal-audit.ts';
import { submitCheck } from './functions/submit-check.ts';
import { sweepChecks } from './functions/sweep-checks.ts';
import { verifyAudit } from './functions/verify-audit.ts';
import { verifyLastDays } from './functions/verify-last-days.ts';
import { work } from './functions/work.ts';
import { parseSettings } from './settings.ts';
import { blobCheckpoints } from './storage/blob-checkpoints.ts';
import { connect } from './storage/connect.ts';
import { getEntity } from './storage/get-entity.ts';
import { queueBacklog } from './storage/queue-backlog.ts';
import { storageCheckQueue } from './storage/storage-check-queue.ts';
import { tableAuditHistory } from './storage/table-audit-history.ts';
import { tableAuditLog } from './storage/table-audit-log.ts';
import { tableAuditRows } from './storage/table-audit-rows.ts';
import { tableCheckList } from './storage/table-check-list.ts';
import { tableCheckStore } from './storage/table-check-store.ts';
import { tableOverdueChecks } from './storage/table-overdue-checks.ts';
import { tablePauses } from './storage/table-pauses.ts';
import { tableRefusalCounts } from './storage/table-refusal-counts.ts';
import { tableRequesterHistory } from './storage/table-requester-history.ts';
import { tableSealState } from './storage/table-seal-state.ts';
import { names, registerTriggers } from './triggers.ts';
import { createArm } from './watcher/arm.ts';
import { createWatcher } from './watcher/create-watcher.ts';

/** The POST alone has taken 20 s. */
const ARM_TIMEOUT_MS = 60_000;

const settings = parseSettings(process.env);
const now = () => new Date();
const newId = () => randomUUID();

const identity = (clientId?: string) => new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
const storage = connect(settings.storage, identity);
const checksTable = storage.table(names.checksTable);
const auditTable = storage.table(names.auditTable);
const checksQueue = storage.queue(names.queue);

const deputy = identity(settings.clientId);
const arm = createArm({
  endpoint: settings.armEndpoint,
  getToken: async (abortSignal) => (await deputy.getToken(settings.armScope, { abortSignal })).token,
  fetch,
  timeoutMs: ARM_TIMEOUT_MS,
});

const shared = {
  now,
  newId,
  deputy: settings.clientId ?? 'system-assigned',
  store: tableCheckStore(checksTable, newId),
  audit: tableAuditLog({ audit: auditTable, checks: checksTable }),
  checkList: tableCheckList({ checks: checksTable, now }),
  refusals: tableRefusalCounts(checksTable),
  auditHistory: tableAuditHistory({ audit: auditTable, now }),
  auditRows: tableAuditRows(auditTable),
  checkpoints: blobCheckpoints(storage.container(names.checkpoints)),
  sealState: tableSealState({ audit: auditTable, checks: checksTable }),
  signingKey: settings.signingKey,
  signatures: settings.signingKey,
  queue: storageCheckQueue(checksQueue),
  history: tableRequesterHistory(checksTable),
  pauses: tablePauses(checksTable),
  deadlines: { queueSeconds: settings.queueDeadlineSeconds, checkSeconds: settings.checkDeadlineSeconds },
  policy: settings.policy,
  paused: settings.paused,
  publicUrl: settings.publicUrl,
  verifyToken: createTokenVerifier({ ...settings.entra, fetch, now }),
  sleep: (milliseconds: number) => sleep(milliseconds),
};

registerTriggers(app, {
  submitCheck: submitCheck({ ...shared, takeTurn: createTurns() }),
  getCheck: getCheck(shared),
  getResult: getResult(shared),
  cancelCheck: cancelCheck(shared),
  getMe: getMe(shared),
  getHealth,
  getReadiness: getReadiness({
    now,
    probes: {
      storage: () => getEntity(checksTable, 'ready', 'ready'),
      audit: () => getEntity(auditTable, 'ready', 'ready'),
      queue: () => checksQueue.exists(),
      identity: () => deputy.getToken(settings.armScope),
    },
  }),
  work: work({
    ...shared,
    watcher: createWatcher({ arm, now }),
    random: Math.random,
  }),
  bury: bury(shared),
  listChecks: listChecks(shared),
  listAudit: listAudit(shared),
  verifyAudit: verifyAudit(shared),
  sealAudit: sealAudit(shared),
  verifyLastDays: verifyLastDays(shared),
  sweepChecks: sweepChecks({
    ...shared,
    overdue: tableOverdueChecks(checksTable),
    backlogs: {
      [names.queue]: () => queueBacklog(checksQueue, now()),
      [names.poisonQueue]: () => queueBacklog(storage.queue(names.poisonQueue), now()),
    },
  }),
});
