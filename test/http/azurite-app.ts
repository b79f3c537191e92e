import { randomUUID } from 'node:crypto';
import { tableCheckList } from '../../src/storage/checks/table-check-list.ts';
import { tableCheckStore } from '../../src/storage/checks/table-check-store.ts';
import { tableRequesterHistory } from '../../src/storage/checks/table-requester-history.ts';
import { tableFlowIndex } from '../../src/storage/flows/table-flow-index.ts';
import { tableIdSecret } from '../../src/storage/ids/table-id-secret.ts';
import { tableOwnCheckIds } from '../../src/storage/ids/table-own-check-ids.ts';
import { tableSetStore } from '../../src/storage/sets/table-set-store.ts';
import { tableKnownRequesters } from '../../src/storage/search/table-known-requesters.ts';
import { azuriteAudit } from '../support/azurite-audit.ts';
import { sampleTime } from '../support/samples.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { memoryApp } from './memory-app.ts';

type App = ReturnType<typeof memoryApp>;

/** The HTTP functions and the worker on real tables; several apps can share them, as instances with other policies do. */
export function azuriteApp(...[script, changes]: Parameters<typeof memoryApp>) {
  const audit = azuriteAudit({ now: () => app.now() });
  const { checks } = audit.tables;
  const tellGarbled = (cause: string): void => void audit.passedOver.push(cause);
  const onTables = {
    tellGarbled,
    store: tableCheckStore(checks, randomUUID),
    history: tableRequesterHistory(checks, audit.proofs),
    flowIndex: tableFlowIndex(checks, { tellGarbled }),
    ownCheckIds: tableOwnCheckIds(checks),
    sets: tableSetStore(checks, randomUUID),
    idSecret: tableIdSecret(checks, randomUUID),
    audit: audit.log,
    newId: randomUUID,
  };
  const lists = {
    checkList: tableCheckList({ checks, now: () => app.now() }),
    knownRequesters: tableKnownRequesters(checks),
  };
  const start = (says: typeof script, more: typeof changes): App =>
    memoryApp(says, { ...onTables, ...more }, () => ({ lists }));
  const app: App = start(script, changes);
  return {
    ...app,
    tables: audit.tables,
    /** What of the table `checks` was passed over. */
    passedOver: audit.passedOver,
    /** The same storage under another policy, at the same time. */
    under: (policy: Policy, says = script): App => start(says, { policy, now: app.now }),
    events: (checkId: string) => audit.history.page({ checkId }, 1000),
    /** Who read which check, newest first. */
    readings: async (checkId?: string): Promise<string[]> => {
      const filter = { actions: ['read'], ...(checkId !== undefined && { checkId }) } as const;
      const { events } = await audit.history.page(filter, 1000);
      const sampleDay = sampleTime.slice(0, 10);
      return events.filter(({ time }) => time >= sampleDay).map(({ requester }) => requester.name);
    },
  };
}
