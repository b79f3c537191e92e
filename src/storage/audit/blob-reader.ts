import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  defaultRetryPolicy,
  type Pipeline,
  RestError,
} from '@azure/core-rest-pipeline';
import { type ContainerClient, ContainerSASPermissions, StorageSharedKeyCredential } from '@azure/storage-blob';
import { storageTrouble } from '../../check/state/retry-rules.ts';

const SCOPE = 'https://storage.azure.com/.default';

/**
 * Reads small blobs by the thousand: a download by the client library costs three times the CPU of all else that is done
 * with a checkpoint. Answers the text, or `undefined` where there is no such blob.
 */
export function blobReader(container: ContainerClient): (name: string) => Promise<string | undefined> {
  const [httpClient, pipeline] = [createDefaultHttpClient(), signedPipeline(container)];
  let address: URL | undefined;
  return async (name) => {
    address ??= new URL(await addressOf(container));
    const { origin, pathname, search } = address;
    const request = createPipelineRequest({
      url: `${origin}${pathname}/${name}${search}`,
      headers: createHttpHeaders({ 'x-ms-version': '2024-11-04' }),
      timeout: storageTrouble.client.tryTimeoutMilliseconds,
      allowInsecureConnection: container.url.startsWith('http:'),
    });
    const { status, headers, bodyAsText } = await pipeline.sendRequest(httpClient, request);
    if (status === 404) return undefined;
    // A page of something between the proxy and storage is no blob.
    const isBlob = headers.has('etag') && headers.has('x-ms-blob-type');
    if (status === 200 && isBlob && typeof bodyAsText === 'string') return bodyAsText;
    throw new RestError(`Storage answered ${status} to the read of a blob.`, { statusCode: status, request });
  };
}

/** With an account's key, which is for this machine, the address itself opens the container; it leaves this process only to storage. */
async function addressOf(container: ContainerClient): Promise<string> {
  if (!(container.credential instanceof StorageSharedKeyCredential)) return container.url;
  const permissions = ContainerSASPermissions.parse('r');
  return container.generateSasUrl({ permissions, expiresOn: new Date('2100-01-01') });
}

function signedPipeline({ credential }: ContainerClient): Pipeline {
  const { tries, firstPauseMilliseconds, longestPauseMilliseconds } = storageTrouble.client;
  const pauses = { retryDelayInMs: firstPauseMilliseconds, maxRetryDelayInMs: longestPauseMilliseconds };
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(defaultRetryPolicy({ maxRetries: tries - 1, ...pauses }), { phase: 'Retry' });
  if ('getToken' in credential)
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: SCOPE }), { phase: 'Sign' });
  return pipeline;
}
