import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { ContainerClient } from '@azure/storage-blob';
import { QueueClient, type StoragePipelineOptions } from '@azure/storage-queue';
import { storageTrouble } from '../../check/state/retry-rules.ts';
import { dropReservedColumns } from '../guards/drop-reserved-columns.ts';
import { refuseOddAnswers } from './refuse-odd-answers.ts';

/** Where storage is: a connection string, or service addresses that an identity opens. */
export type StorageSettings =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      readonly blobServiceUri: string;
      readonly clientId?: string | undefined;
    };

// Short trouble is borne here; longer trouble goes to the caller, who knows what waits.
const { tries, firstPauseMilliseconds, longestPauseMilliseconds, tryTimeoutMilliseconds } = storageTrouble.client;

type Policy = NonNullable<TableServiceClientOptions['additionalPolicies']>[number]['policy'];

/** The queue's client has such an option, the tables' has not. */
const tryTimeout: Policy = {
  name: 'tryTimeout',
  sendRequest: (request, next) => {
    request.timeout = tryTimeoutMilliseconds;
    return next(request);
  },
};

const tableOptions = (endpoint: string): TableServiceClientOptions & { allowInsecureConnection: boolean } => ({
  // Settings let http through on loopback only.
  allowInsecureConnection: endpoint.includes('http://'),
  additionalPolicies: [tryTimeout, refuseOddAnswers, dropReservedColumns].map((policy) => ({
    policy,
    position: 'perRetry',
  })),
  retryOptions: {
    maxRetries: tries - 1,
    retryDelayInMs: firstPauseMilliseconds,
    maxRetryDelayInMs: longestPauseMilliseconds,
  },
});

const requestOptions: StoragePipelineOptions = {
  retryOptions: {
    maxTries: tries,
    retryDelayInMs: firstPauseMilliseconds,
    maxRetryDelayInMs: longestPauseMilliseconds,
    tryTimeoutInMs: tryTimeoutMilliseconds,
  },
};

export interface Connections {
  table(name: string): TableClient;
  queue(name: string): QueueClient;
  container(name: string): ContainerClient;
}

/** Clients of the storage account; nothing is asked of it yet. */
export function connect(storage: StorageSettings, credential: (clientId?: string) => TokenCredential): Connections {
  if (storage.kind === 'connectionString') {
    const { connectionString } = storage;
    return {
      table: (name) => TableClient.fromConnectionString(connectionString, name, tableOptions(connectionString)),
      queue: (name) => new QueueClient(connectionString, name, requestOptions),
      container: (name) => new ContainerClient(connectionString, name, requestOptions),
    };
  }
  const { queueServiceUri, tableServiceUri, blobServiceUri, clientId } = storage;
  const identity = credential(clientId);
  return {
    table: (name) => new TableClient(tableServiceUri, name, identity, tableOptions(tableServiceUri)),
    queue: (name) => new QueueClient(`${queueServiceUri.replace(/\/$/, '')}/${name}`, identity, requestOptions),
    container: (name) => new ContainerClient(`${blobServiceUri.replace(/\/$/, '')}/${name}`, identity, requestOptions),
  };
}
