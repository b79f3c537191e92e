import { QueueServiceClient } from '@azure/storage-queue';

/** Settings by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

// The listener polls again in a moment anyway: the SDK's own retries would only hide what is wrong.
const options = { retryOptions: { maxTries: 2, retryDelayInMs: 200 } };

/** The storage account of `AzureWebJobsStorage`, a connection string; else that of its queue service, by managed identity. */
export async function openQueueService(environment: Environment): Promise<QueueServiceClient> {
  const {
    AzureWebJobsStorage: connectionString,
    AzureWebJobsStorage__queueServiceUri: uri,
    AzureWebJobsStorage__clientId: clientId,
  } = environment;
  if (connectionString) return QueueServiceClient.fromConnectionString(connectionString, options);
  if (!uri) {
    throw new Error(
      'A queue trigger needs storage: set AzureWebJobsStorage to a connection string, or AzureWebJobsStorage__queueServiceUri to use an identity.',
    );
  }
  // Loaded only where it is used: it takes longer to load than the rest of the host together.
  const { ManagedIdentityCredential } = await import('@azure/identity');
  return new QueueServiceClient(uri, new ManagedIdentityCredential(clientId ? { clientId } : {}), options);
}
