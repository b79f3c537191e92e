import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { app } from '@azure/functions';
import { ManagedIdentityCredential } from '@azure/identity';
import { createReadListing } from './azure-inventory/read-listing.ts';
import { livePlaces } from './azure-inventory/live-places.ts';
import { liveState } from './azure-inventory/live-state.ts';
import { within } from './azure-inventory/within.ts';
import { createConnectorTokenVerifier } from './caller/teams/verify-connector-token.ts';
import { signInNamesIn } from './caller/entra/sign-in-names.ts';
import { callerVerifier, createClaimsVerifier } from './caller/entra/verify-token.ts';
import { sweepChats } from './chat/sweep-chats.ts';
import { createLimitWaits } from './check/limit-waits.ts';
import { createRunExclusive } from './check/run-exclusive.ts';
import type { KnownRequests } from './check/proof/is-as-accepted.ts';
import { provenStore } from './check/proof/proven-store.ts';
import { poisonMessage } from './jobs/poison-message.ts';
import { armDoor } from './http/arm/arm-door.ts';
import { beginCheck } from './http/arm/begin-check.ts';
import { getCloudMetadata } from './http/arm/get-cloud-metadata.ts';
import { getOperationResult } from './http/arm/get-operation-result.ts';
import { getMachine, getSubscription, listSubscriptions, listTenants, listWatchers } from './http/arm/look-ups.ts';
import { confirmChatLink, listChatLinks, previewChatLink, removeChatLink } from './http/chat/links.ts';
import { receiveTeamsActivity } from './http/chat/teams.ts';
import { slackCommands, slackEvents, slackInteractions } from './http/chat/slack.ts';
import { cancelCheck } from './http/checks/cancel-check.ts';
import { getCheck } from './http/checks/get-check.ts';
import { compareCheck } from './http/checks/compare-check.ts';
import { rerunCheck } from './http/checks/rerun-check.ts';
import { shareCheck, unshareCheck } from './http/checks/share-check.ts';
import { getFlow } from './http/flows/get-flow.ts';
import { getApiCatalog, headApiCatalog } from './http/openapi/get-api-catalog.ts';
import { getOpenApi } from './http/openapi/get-open-api.ts';
import { getPage } from './http/page/get-page.ts';
import { getPageFile } from './http/page/get-page-file.ts';
import { getHealth, getReadiness } from './http/service/get-health.ts';
import { getMe } from './http/service/get-me.ts';
import { getSignIn } from './http/service/get-sign-in.ts';
import { getResult } from './http/checks/get-result.ts';
import { httpDoor } from './http/http-door.ts';
import { callMcp } from './http/mcp/call-mcp.ts';
import { getResourceMetadata } from './http/mcp/get-resource-metadata.ts';
import { mcpDoor } from './http/mcp/mcp-door.ts';
import { refuseMethod } from './http/mcp/refuse-method.ts';
import { listAudit } from './http/audit/list-audit.ts';
import { makeCheckpoint } from './http/audit/make-checkpoint.ts';
import { listChecks } from './http/checks/list-checks.ts';
import { listSources } from './http/sources/list-sources.ts';
import { cancelSet } from './http/sets/cancel-set.ts';
import { createSet } from './http/sets/create-set.ts';
import { getSet } from './http/sets/get-set.ts';
import { listSets } from './http/sets/list-sets.ts';
import { rerunSet } from './http/sets/rerun-set.ts';
import { sealAudit } from './jobs/seal-audit.ts';
import { submitCheck } from './http/checks/submit-check.ts';
import { sweepChecks } from './jobs/sweep-checks.ts';
import { verifyAudit } from './http/audit/verify-audit.ts';
import { verifyLastDays } from './jobs/verify-last-days.ts';
import { chat } from './jobs/chat.ts';
import { notify } from './jobs/notify.ts';
import { work } from './jobs/work.ts';
import { contactFor } from './policy/contact/contact-for.ts';
import { createListeners } from './notify/listeners.ts';
import { subscriptionsOf } from './policy/reach/subscriptions-of.ts';
import { provenSets } from './set/proven-sets.ts';
import { parseSettings } from './settings.ts';
import { keepListing } from './sources/kept-listing.ts';
import { createSourceStates } from './sources/source-states.ts';
import { tableListingStore } from './storage/sources/table-listing-store.ts';
import { blobCheckpoints } from './storage/audit/blob-checkpoints.ts';
import { assertNoneStalled } from './storage/checks/assert-none-stalled.ts';
import { connect } from './storage/table/connect.ts';
import { getEntity } from './storage/table/get-entity.ts';
import { rowProofs } from './storage/guards/row-proofs.ts';
import { queueBacklog } from './storage/checks/queue-backlog.ts';
import { storageCheckQueue } from './storage/checks/storage-check-queue.ts';
import { storageNoticeQueue } from './storage/notices/storage-notice-queue.ts';
import { tableNotices } from './storage/notices/table-notices.ts';
import { storageSetQueue } from './storage/sets/storage-set-queue.ts';
import { tableSetStore } from './storage/sets/table-set-store.ts';
import { setMarkers } from './storage/table/check-keys.ts';
import { tableAuditHistory } from './storage/audit/table-audit-history.ts';
import { tableAuditLog } from './storage/audit/table-audit-log.ts';
import { tableAuditRows } from './storage/audit/table-audit-rows.ts';
import { tableCheckList } from './storage/checks/table-check-list.ts';
import { tableCheckStore } from './storage/checks/table-check-store.ts';
import { tableFlowIndex } from './storage/flows/table-flow-index.ts';
import { tableOwnCheckIds } from './storage/ids/table-own-check-ids.ts';
import { tableIdSecret } from './storage/ids/table-id-secret.ts';
import { tableKnownRequesters } from './storage/search/table-known-requesters.ts';
import { tableOverdueChecks } from './storage/checks/table-overdue-checks.ts';
import { tablePauses } from './storage/checks/table-pauses.ts';
import { tableRefusalCounts } from './storage/audit/table-refusal-counts.ts';
import { tableRequesterHistory } from './storage/checks/table-requester-history.ts';
import { tableRuns } from './storage/checks/table-runs.ts';
import { tableSealState } from './storage/audit/table-seal-state.ts';
import { describe } from './log/log.ts';
import { resourceNames, registerTriggers } from './triggers.ts';
import { armScopeOf } from './network-watcher/arm-scope.ts';
import { createArm } from './network-watcher/arm.ts';
import { createWatcher } from './network-watcher/create-watcher.ts';
import { managedIdentityTokens } from './network-watcher/token/managed-identity-tokens.ts';
import { createSlackApi } from './slack/slack-api.ts';
import { createSlackDoor } from './slack/slack-door.ts';
import { storageChatQueue } from './storage/chat/storage-chat-queue.ts';
import { tableChatRequests } from './storage/chat/table-chat-requests.ts';
import { tableKeptCards } from './storage/chat/table-kept-cards.ts';
import { tableLinks } from './storage/chat/table-links.ts';
import { clientCredentialTokens } from './teams/connector/client-credentials.ts';
import { CONNECTOR_SCOPE, createConnector } from './teams/connector/create-connector.ts';
import { teamsDoor } from './teams/teams-door.ts';
import type { TeamsSettings } from './teams/teams-settings.ts';
import { createPost } from './webhook/create-post.ts';
import { resolveHost } from './webhook/resolve-host.ts';

/** The POST alone has taken 20 s. */
const ARM_TIMEOUT_MS = 60_000;
/** Receivers are expected to keep what they get and to answer, before they work on it. */
const CALLBACK_TIMEOUT_MS = 15_000;
const TEAMS_TIMEOUT_MS = 15_000;

const settings = parseSettings(process.env);
// Whoever asks which policy decided finds its file by this hash.
console.info(JSON.stringify({ message: 'policy loaded', policy: settings.policy.hash }));
for (const warning of settings.policyWarnings) console.warn(JSON.stringify({ message: 'policy warning', warning }));

const now = () => new Date();
const newId = () => randomUUID();

const identity = (clientId?: string) => new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
const storage = connect(settings.storage, identity);
const checksTable = storage.table(resourceNames.checksTable);
const auditTable = storage.table(resourceNames.auditTable);
const checksQueue = storage.queue(resourceNames.queue);
const tellGarbled = (cause: string): void => {
  console.error(JSON.stringify({ message: 'Something in storage is not as the proxy wrote it.', cause }));
};
const proofs = rowProofs(settings.signingKey, tellGarbled);

const getToken = managedIdentityTokens({ clientId: settings.clientId, scope: armScopeOf(settings.armEndpoint) });
const arm = createArm({
  endpoint: settings.armEndpoint,
  getToken,
  fetch,
  timeoutMs: ARM_TIMEOUT_MS,
});

const named = subscriptionsOf(settings.policy);
/** Of what serves many requests, and so has the log of none. */
const warn = (message: string, error: unknown): void => {
  console.warn(JSON.stringify({ message, cause: describe(error) }));
};
const listing = keepListing({
  read: createReadListing({ arm, named, now, sleep: (milliseconds) => sleep(milliseconds), random: Math.random }),
  store: tableListingStore(checksTable, proofs),
  named,
  paused: settings.paused,
  now,
  warn,
});
const sources = createSourceStates({
  listing,
  readState: (sourceId, ids) => liveState({ arm, now }, sourceId, ids),
  paused: settings.paused,
  now,
  within,
});
const notices = {
  notices: tableNotices(storage.table(resourceNames.noticesTable)),
  noticeQueue: storageNoticeQueue(storage.queue(resourceNames.noticesQueue)),
  now,
};

const audit = tableAuditLog({ audit: auditTable, checks: checksTable, proofs });
const knownRequests: KnownRequests = new Map();
const tellForged = (of: object): void => {
  console.error(
    JSON.stringify({ message: 'A row in storage is not what was accepted: somebody changed the table.', ...of }),
  );
};

const verifyClaims = createClaimsVerifier({ ...settings.entra, fetch, now });
const verifyToken = callerVerifier(verifyClaims, settings.entra);

const deps = {
  ...notices,
  listeners: createListeners(notices, 'check'),
  setListeners: createListeners(notices, 'set'),
  now,
  newId,
  deputy: settings.clientId ?? 'system-assigned',
  store: provenStore(
    tableCheckStore(checksTable, newId, settings.signingKey),
    { audit, knownRequests, policy: settings.policy },
    (checkId) => {
      tellForged({ checkId });
    },
  ),
  audit,
  checkList: tableCheckList({ checks: checksTable, now }),
  refusals: tableRefusalCounts(checksTable, proofs),
  auditHistory: tableAuditHistory({ audit: auditTable, now }),
  knownRequesters: tableKnownRequesters(checksTable),
  auditRows: tableAuditRows(auditTable),
  checkpoints: blobCheckpoints(storage.container(resourceNames.checkpoints)),
  sealState: tableSealState({ audit: auditTable, checks: checksTable }),
  signingKey: settings.signingKey,
  signatures: settings.signingKey,
  queue: storageCheckQueue(checksQueue),
  sets: provenSets(tableSetStore(checksTable, newId), settings.signingKey, (setId) => {
    tellForged({ setId });
  }),
  setQueue: storageSetQueue(checksQueue),
  setDeadlineSeconds: settings.setDeadlineSeconds,
  runs: tableRuns(checksTable),
  history: tableRequesterHistory(checksTable, proofs),
  flowIndex: tableFlowIndex(checksTable, { tellGarbled }),
  tellGarbled,
  ownCheckIds: tableOwnCheckIds(checksTable),
  pauses: tablePauses(checksTable, proofs),
  deadlines: { queueSeconds: settings.queueDeadlineSeconds, checkSeconds: settings.checkDeadlineSeconds },
  policy: settings.policy,
  paused: settings.paused,
  pause: settings.paused
    ? { reason: settings.pausedReason, contact: contactFor(settings.policy, { owner: 'proxy operator' }) }
    : undefined,
  publicUrl: settings.publicUrl,
  door: httpDoor(verifyToken),
  listing,
  sources,
  within,
  idSecret: tableIdSecret(checksTable, () => randomBytes(32).toString('base64')),
  sleep: (milliseconds: number) => sleep(milliseconds),
  limitWaits: createLimitWaits(),
  looks: new Map(),
};

/** Where the page and the clients are built to: beside this file. */
const built = new URL('.', import.meta.url);

// Submits, reruns and the members of sets of one requester take turns among each other.
const runExclusive = createRunExclusive();

const atArmDoor = {
  ...deps,
  door: armDoor(verifyToken),
  places: livePlaces({ arm, now, paused: settings.paused }),
  tenantId: settings.entra.tenantId,
};

const chatsTable = storage.table(resourceNames.chatsTable);
const keptCards = tableKeptCards(chatsTable, settings.signingKey);
const { slack } = settings;
const teams = settings.teams && createTeams(settings.teams);
const chats = {
  ...deps,
  slack,
  teams,
  tenantId: settings.entra.tenantId,
  doors: {
    ...(slack && { slack: createSlackDoor({ slack, api: createSlackApi({ slack, fetch, warn }), now }) }),
    ...(teams && { teams: teams.door }),
  },
  requests: tableChatRequests(chatsTable, settings.signingKey),
  links: tableLinks(storage.table(resourceNames.chatLinksTable), settings.signingKey),
  chatQueue: storageChatQueue(storage.queue(resourceNames.chatsQueue)),
  linkDays: settings.chatLinkDays,
  signInNames: async (authorization: string | undefined) => signInNamesIn(await verifyClaims(authorization)),
  // 128 bits.
  newCode: () => randomBytes(16).toString('base64url'),
  random: Math.random,
};

const hasChat = Object.keys(chats.doors).length > 0;
// In Azure the deployment has made them. Elsewhere the first message would wait for it, and chats do not wait.
if (hasChat && settings.storage.kind === 'connectionString')
  void Promise.allSettled([
    storage.table(resourceNames.chatsTable).createTable(),
    storage.queue(resourceNames.chatsQueue).createIfNotExists(),
  ]);

registerTriggers(app, {
  http: {
    submitCheck: submitCheck({ ...deps, runExclusive }),
    listChecks: listChecks(deps),
    listSources: listSources(deps),
    getCheck: getCheck(deps),
    getResult: getResult(deps),
    cancelCheck: cancelCheck(deps),
    rerunCheck: rerunCheck({ ...deps, runExclusive }),
    compareCheck: compareCheck(deps),
    shareCheck: shareCheck(deps),
    unshareCheck: unshareCheck(deps),
    getFlow: getFlow(deps),
    createSet: createSet({ ...deps, runExclusive }),
    listSets: listSets(deps),
    getSet: getSet(deps),
    rerunSet: rerunSet({ ...deps, runExclusive }),
    cancelSet: cancelSet(deps),
    listAudit: listAudit(deps),
    verifyAudit: verifyAudit(deps),
    makeCheckpoint: makeCheckpoint(deps),
    previewChatLink: previewChatLink(chats),
    confirmChatLink: confirmChatLink(chats),
    listChatLinks: listChatLinks(chats),
    removeChatLink: removeChatLink(chats),
    slackCommands: slackCommands(chats),
    slackInteractions: slackInteractions(chats),
    slackEvents: slackEvents(chats),
    receiveTeamsActivity: receiveTeamsActivity({ ...chats, runExclusive }),
    getMe: getMe(deps),
    getSignIn: getSignIn(settings.entra),
    getOpenApi: getOpenApi(deps),
    getApiCatalog: getApiCatalog(deps),
    headApiCatalog: headApiCatalog(deps),
    getPage: getPage({ ...settings.entra, ...deps, folder: built }),
    getPageFile: getPageFile({ folder: built }),
    callMcp: callMcp({
      ...{ ...deps, runExclusive },
      door: mcpDoor(verifyToken, { publicUrl: settings.publicUrl, audiences: settings.entra.audiences }),
    }),
    openMcpStream: refuseMethod,
    endMcpSession: refuseMethod,
    getResourceMetadata: getResourceMetadata(settings),
    getMcpResourceMetadata: getResourceMetadata(settings),
    beginConnectivityCheck: beginCheck({ ...atArmDoor, runExclusive }),
    getOperationResult: getOperationResult(atArmDoor),
    getVirtualMachine: getMachine(atArmDoor),
    listNetworkWatchers: listWatchers(atArmDoor),
    listSubscriptions: listSubscriptions(atArmDoor),
    getSubscription: getSubscription(atArmDoor),
    listTenants: listTenants(atArmDoor),
    getCloudMetadata: getCloudMetadata(settings),
    getHealth,
    getReadiness: getReadiness({
      now,
      pause: deps.pause,
      probes: {
        storage: () => getEntity(checksTable, 'ready', 'ready'),
        audit: () => getEntity(auditTable, 'ready', 'ready'),
        queue: () => checksQueue.exists(),
        identity: async () => {
          await getToken();
          if (await arm.refusesToken()) throw new Error("Azure Resource Manager refuses the identity's token.");
        },
        worker: () => (settings.paused ? Promise.resolve() : assertNoneStalled(checksTable, now())),
      },
    }),
  },
  work: work({
    ...deps,
    // The host's own batches bound how many messages wait.
    runExclusive: createRunExclusive(Infinity),
    submitTurns: runExclusive,
    watcher: createWatcher({ arm, now }),
    knownRequests,
    random: Math.random,
  }),
  poisonMessage: poisonMessage(deps),
  notify: notify({
    ...deps,
    post: createPost({
      ...{ resolve: resolveHost, secrets: settings.callbackSecrets, now },
      timeoutMilliseconds: CALLBACK_TIMEOUT_MS,
    }),
    random: Math.random,
  }),
  ...(hasChat && { chat: chat({ ...chats, runExclusive }) }),
  sealAudit: sealAudit(deps),
  verifyLastDays: verifyLastDays(deps),
  sweepChecks: sweepChecks({
    ...deps,
    overdue: tableOverdueChecks(checksTable),
    overdueSets: tableOverdueChecks(checksTable, setMarkers),
    ...(hasChat && { sweepChats: () => Promise.all([sweepChats(chats), keptCards.forget(now())]) }),
    backlogs: {
      [resourceNames.queue]: () => queueBacklog(checksQueue, now()),
      [resourceNames.poisonQueue]: () => queueBacklog(storage.queue(resourceNames.poisonQueue), now()),
      [resourceNames.noticesQueue]: () => queueBacklog(storage.queue(resourceNames.noticesQueue), now()),
      ...(hasChat && {
        [resourceNames.chatsQueue]: () => queueBacklog(storage.queue(resourceNames.chatsQueue), now()),
        [resourceNames.chatsPoison]: () => queueBacklog(storage.queue(resourceNames.chatsPoison), now()),
      }),
      [resourceNames.noticesPoison]: () => queueBacklog(storage.queue(resourceNames.noticesPoison), now()),
    },
  }),
});

/** The bot has an identity of its own: what it may do is to write in Teams. */
function createTeams({ appId, appSecret, openIdMetadata, serviceHosts, tokenUrl }: TeamsSettings) {
  const getBotToken =
    appSecret === undefined
      ? managedIdentityTokens({ clientId: appId, scope: CONNECTOR_SCOPE })
      : clientCredentialTokens({
          ...{ tokenUrl, clientId: appId, clientSecret: appSecret, scope: CONNECTOR_SCOPE, fetch, now },
        });
  const connector = createConnector({
    ...{ getToken: getBotToken, serviceHosts, fetch, now, warn },
    timeoutMs: TEAMS_TIMEOUT_MS,
  });
  return {
    verify: createConnectorTokenVerifier({ metadataUrl: openIdMetadata, appId, fetch, now }),
    serviceHosts,
    door: teamsDoor({ appId, tenantId: settings.entra.tenantId, connector, keptCards, now }),
    keptCards,
  };
}
