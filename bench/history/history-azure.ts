import type { TableClient } from '@azure/data-tables';
import type { ContainerClient } from '@azure/storage-blob';
import { parseSigningKey, type SigningKey } from '../../src/audit/checkpoint/signing-key.ts';
import { connect } from '../../src/storage/table/connect.ts';
import { startAzurite } from '../../stand-ins/storage/azurite.ts';
import { copyApp } from '../../test/support/app/app-copy.ts';
import { newSigningKey } from '../../test/support/new-signing-key.ts';
import type { App } from '../../test/support/app/start-app.ts';
import { startTestAzure } from '../../test/support/azure/test-azure.ts';
import { type Load, loadByTransactions } from './fill.ts';
import { countedAzurite, servedTables, type Tables } from './tables.ts';

export interface HistoryAzure {
  readonly tables: Tables;
  readonly load: Load;
  readonly tenantId: string;
  readonly signingKey: SigningKey;
  readonly table: (name: string) => TableClient;
  readonly container: (name: string) => ContainerClient;
  /** The built app in a process of its own. */
  start(): Promise<App>;
  token(user: string, roles: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });

/** All that the app needs of Azure on loopback, with its tables on Azurite or on the table server. */
export async function startHistoryAzure(on: Tables['name']): Promise<HistoryAzure> {
  const [azurite, copy] = await Promise.all([startAzurite(), copyApp()]);
  const azure = await startTestAzure(azurite.connectionString);
  const tables = await (on === 'azurite' ? countedAzurite : servedTables)(azurite.connectionString);
  const { connectionString } = tables;
  const connections = connect({ kind: 'connectionString', connectionString }, () => {
    throw new Error('no identity is needed');
  });
  const pem = newSigningKey();
  const settings = { ...azure.settings, AzureWebJobsStorage: connectionString, AUDIT_SIGNING_KEY: pem, POLICY };
  const exp = Math.floor(Date.now() / 1000) + 86_400;
  return {
    ...{ tables, tenantId: azure.entra.tenantId, signingKey: parseSigningKey(pem)! },
    load: tables.load ?? loadByTransactions((name) => connections.table(name)),
    table: (name) => connections.table(name),
    container: (name) => connections.container(name),
    start: () => copy.start(settings),
    token: (user, roles) => azure.token(user, roles, { exp }),
    stop: async () => {
      await Promise.all([tables.stop(), azure.stop(), azurite.stop(), copy.remove()]);
    },
  };
}
