import {
  type INetworkModule,
  ManagedIdentityApplication,
  type NetworkRequestOptions,
  type NetworkResponse,
} from '@azure/msal-node';
import { z } from 'zod';
import type { RefusedToken } from '../arm.ts';

interface Identity {
  /** Of a user-assigned identity; absent: the system-assigned one. */
  readonly clientId: string | undefined;
  /** Such as `https://management.azure.com/.default` */
  readonly scope: string;
}

const TIMEOUT_MS = 30_000;

/**
 * Tokens of the managed identity, kept by MSAL until they run out; calls that wait for one share it. One that was refused is renewed past that cache, once
 * for all calls that it was refused to.
 * docs/decisions.md#tokens-for-azure-resource-manager-come-from-msal
 */
export function managedIdentityTokens({
  clientId,
  scope,
}: Identity): (signal?: AbortSignal, refused?: RefusedToken) => Promise<string> {
  const application = new ManagedIdentityApplication({
    ...(clientId === undefined ? {} : { managedIdentityIdParams: { userAssignedClientId: clientId } }),
    system: { networkClient },
  });
  const acquire = async (how: { claims?: string; forceRefresh?: boolean } = {}) =>
    (await application.acquireToken({ resource: scope, ...how })).accessToken;
  let acquiring: Promise<string> | undefined;
  let renewing: Promise<string> | undefined;

  return async (_signal, refused) => {
    // Calls go out at the same time, and MSAL asks the endpoint for each until it has kept an answer.
    acquiring ??= acquire().finally(() => {
      acquiring = undefined;
    });
    const token = await acquiring;
    // Another call has had it renewed.
    if (refused?.token !== token) return token;
    // MSAL passes claims on to the endpoints that take them, and skips its cache for them too.
    const { claims } = refused;
    renewing ??= acquire(claims === undefined ? { forceRefresh: true } : { claims }).finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
}

// MSAL's own has no time limit.
const networkClient: INetworkModule = {
  sendGetRequestAsync: (url, options) => ask('GET', url, options),
  sendPostRequestAsync: (url, options) => ask('POST', url, options),
};

async function ask<T>(method: string, url: string, options: NetworkRequestOptions = {}): Promise<NetworkResponse<T>> {
  const { headers = {}, body } = options;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
  // MSAL says what it expects, and looks at what it gets.
  const parsed = z.custom<T>().parse(JSON.parse(await response.text()));
  return { status: response.status, headers: Object.fromEntries(response.headers), body: parsed };
}
