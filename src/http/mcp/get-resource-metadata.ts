import type { HttpHandler } from '@azure/functions';
import { authorityOf, scopeOf } from '../service/get-sign-in.ts';
import { mcpOperations, type ResourceMetadata } from './operations.ts';

interface MetadataDeps {
  readonly publicUrl: string;
  readonly entra: { readonly authority: string; readonly tenantId: string; readonly audiences: readonly string[] };
}

/** Where the metadata of the MCP server is. */
export const metadataUrl = (publicUrl: string): string => `${publicUrl}/${mcpOperations.getMcpResourceMetadata.path}`;

/** `GET /.well-known/oauth-protected-resource/mcp`, and the same without its last part: where tokens for the MCP server are had (RFC 9728). */
export function getResourceMetadata({ publicUrl, entra }: MetadataDeps): HttpHandler {
  const metadata: ResourceMetadata = {
    resource: `${publicUrl}/${mcpOperations.callMcp.path}`,
    authorization_servers: [authorityOf(entra)],
    scopes_supported: [scopeOf(entra.audiences)],
    bearer_methods_supported: ['header'],
    resource_name: 'Connectivity Check Proxy',
  };
  const headers = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
  return () => ({ status: 200, headers, jsonBody: metadata });
}
