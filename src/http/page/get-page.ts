import type { HttpHandler } from '@azure/functions';
import { readBuilt } from './read-built.ts';

interface Deps {
  /** Where `page.html` was built to. */
  readonly folder: URL;
  /** Of the app; a page at another address of it goes there, because one signs in there. */
  readonly publicUrl: string;
  /** Its origin alone may be asked beside the app's own. */
  readonly authority: string;
}

/** `GET /`: the page, whose scripts ask the API as any client does. */
export function getPage({ folder, publicUrl, authority }: Deps): HttpHandler {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      `connect-src 'self' ${new URL(authority).origin}`,
      "form-action 'none'",
      "base-uri 'none'",
      "object-src 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
  let html: string | undefined;
  return async () => {
    html ??= (await readBuilt(new URL('page.html', folder)))
      ?.toString()
      .replace('{PUBLIC_URL}', () => asText(publicUrl));
    return html === undefined ? { status: 404 } : { status: 200, headers, body: html };
  };
}

const asText = (text: string): string => text.replace(/[&"<]/g, (sign) => `&#${sign.charCodeAt(0)};`);
