import { newSigningKey } from '../new-signing-key.ts';

/** Settings of an app in Azure, but for its policy and its address; nothing is asked of what they name while it is loaded. */
export const azureSettings = () => ({
  AzureWebJobsStorage__queueServiceUri: 'https://account.queue.example.com',
  AzureWebJobsStorage__tableServiceUri: 'https://account.table.example.com',
  AzureWebJobsStorage__blobServiceUri: 'https://account.blob.example.com',
  ENTRA_TENANT_ID: '00000000-0000-4000-8000-00000000000d',
  ENTRA_AUDIENCE: 'api://proxy',
  AUDIT_SIGNING_KEY: newSigningKey(),
});
