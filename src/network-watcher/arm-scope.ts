import { isLoopback } from '../address/is-loopback.ts';

/** What tokens for Azure Resource Manager are asked for. A stand-in on loopback is no resource that an identity has tokens for. */
export const armScopeOf = (endpoint: URL): string =>
  `${isLoopback(endpoint) ? 'https://management.azure.com' : endpoint.origin}/.default`;
