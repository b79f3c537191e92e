import { HttpRequest, InvocationContext, type HttpResponseInit } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { getResourceMetadata } from '../../../src/http/mcp/get-resource-metadata.ts';
import { mcpOperations } from '../../../src/http/mcp/operations.ts';
import { isOwnOrigin } from '../../../src/http/mcp/is-own-origin.ts';

const entra = {
  authority: 'https://login.microsoftonline.com',
  tenantId: 'tenant',
  audiences: ['app-id', 'api://app-id'],
};

describe('the metadata of the MCP server', () => {
  it('names the server, its one authority, and the scope in full, to anybody', async () => {
    const handler = getResourceMetadata({ publicUrl: 'https://proxy.example', entra });
    const url = 'https://elsewhere.example/.well-known/oauth-protected-resource/mcp';
    const context = new InvocationContext({ functionName: 'function' });
    const answer = (await handler(new HttpRequest({ method: 'GET', url }), context)) as HttpResponseInit;
    expect(answer).toMatchObject({
      status: 200,
      jsonBody: {
        resource: 'https://proxy.example/mcp',
        authorization_servers: ['https://login.microsoftonline.com/tenant/v2.0'],
        scopes_supported: ['api://app-id/user_impersonation'],
      },
    });
  });

  it('is at the address of the server, and at that of its host', () => {
    const { getMcpResourceMetadata, getResourceMetadata: ofHost } = mcpOperations;
    expect([getMcpResourceMetadata, ofHost].map(({ method, path }) => `${method} /${path}`)).toEqual([
      'GET /.well-known/oauth-protected-resource/mcp',
      'GET /.well-known/oauth-protected-resource',
    ]);
  });
});

describe('an origin', () => {
  it.each([
    [null, 'https://proxy.example', true],
    ['https://proxy.example', 'https://proxy.example/base', true],
    ['https://PROXY.example:443', 'https://proxy.example', true],
    ['http://localhost:3000', 'http://127.0.0.1:7071', true],
    ['http://[::1]:3000', 'https://localhost:7443', true],
    ['http://localhost.evil.example', 'http://localhost:7071', false],
    ['chrome-extension://abc', 'http://localhost:7071', false],
    ['file://', 'http://localhost:7071', false],
    ['null', 'http://localhost:7071', false],
    ['http://127.0.0.1:7071', 'https://proxy.example', false],
    ['', 'https://proxy.example', false],
  ])('%j is the own one of %s: %s', (origin, publicUrl, expected) => {
    expect(isOwnOrigin(origin, publicUrl)).toBe(expected);
  });
});
