import { parseResourceId } from './resource-id.ts';

const path =
  /^\/subscriptions\/(?<subscription>[^/]+)\/providers\/microsoft\.network\/locations\/[\w-]+\/operationresults\/[\w-]+$/i;

/**
 * Whether a URL is that of one of Network Watcher's operations in the source's subscription: any other may be anything
 * that the proxy's identity can read. The query, which ARM signs, is ARM's own.
 */
export function isOperationUrl(url: string, sourceId: string): boolean {
  const found = URL.canParse(url) ? path.exec(new URL(url).pathname)?.groups?.['subscription'] : undefined;
  return found !== undefined && found.toLowerCase() === parseResourceId(sourceId)?.subscriptionId;
}
