import type { HttpHandler } from '@azure/functions';

/** `GET` and `DELETE /mcp`: there is no stream to open, and no session to end. Clients take 405 as just that. */
export const refuseMethod: HttpHandler = () => ({
  status: 405,
  headers: { allow: 'POST', 'x-content-type-options': 'nosniff' },
  jsonBody: { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'Method not allowed: send a POST.' } },
});
