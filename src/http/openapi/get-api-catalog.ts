import type { HttpHandler } from '@azure/functions';
import { openApiOperations } from './operations.ts';

interface Described {
  readonly publicUrl: string;
}

const profile = 'https://www.rfc-editor.org/info/rfc9727';

const headersOf = ({ publicUrl }: Described) => ({
  'content-type': `application/linkset+json; profile="${profile}"`,
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
  link: `<${publicUrl}/${openApiOperations.getApiCatalog.path}>; rel="api-catalog"; type="application/linkset+json"`,
});

/** `GET /.well-known/api-catalog` */
export function getApiCatalog(described: Described): HttpHandler {
  const { publicUrl } = described;
  const linkset = [
    {
      anchor: `${publicUrl}/api`,
      'service-desc': [{ href: `${publicUrl}/${openApiOperations.getOpenApi.path}`, type: 'application/json' }],
      status: [{ href: `${publicUrl}/api/health`, type: 'application/json' }],
    },
  ];
  return () => ({ status: 200, headers: headersOf(described), body: JSON.stringify({ linkset }) });
}

/** `HEAD /.well-known/api-catalog` */
export const headApiCatalog =
  (described: Described): HttpHandler =>
  () => ({ status: 200, headers: headersOf(described) });
