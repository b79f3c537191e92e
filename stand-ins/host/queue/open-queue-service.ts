import { QueueServiceClient } from '@azure/storage-queue';

/** Settings by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

// The listener polls again in a moment anyway: the SDK's own retries would only hide what is wrong.
const options = { retryOptions: { maxTries: 2, retryDelayInMs: 200 } };

/**
 * The storage account behind a binding's `connection`: the setting of that name, or `AzureWebJobs` and that name, is a
 * connection string; else the settings `<name>__queueServiceUri` (or `__accountName`) and `__clientId` name an account
 * and the managed identity to use there.
 */
export async function openQueueService(connection: string, environment: Environment): Promise<QueueServiceClient> {
  const find = (suffix: string) =>
    environment[`AzureWebJobs${connection}${suffix}`] || environment[connection + suffix];
  const text = find('');
  if (text) return QueueServiceClient.fromConnectionString(text, options);
  const account = find('__accountName');
  const uri = find('__queueServiceUri') ?? (account && `https://${account}.queue.core.windows.net`);
  if (!uri) {
    throw new Error(
      `A queue trigger needs the connection "${connection}": set ${connection} to a connection string, or ${connection}__queueServiceUri to use an identity.`,
    );
  }
  return new QueueServiceClient(uri, await credential(find('__credential'), find('__clientId')), options);
}

async function credential(kind: string | undefined, clientId: string | undefined) {
  // Loaded only where it is used: it takes longer to load than the rest of the host together.
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  if (kind?.toLowerCase() === 'managedidentity') return new ManagedIdentityCredential(clientId ? { clientId } : {});
  return new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {});
}
