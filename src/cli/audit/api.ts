import { type Base, pathOfLink } from '../../client/address.ts';
import type { Send } from '../../client/send.ts';

/** A piece of an answer that goes on. */
export interface Page {
  readonly body: Buffer;
  /** Path and query of the next page. */
  readonly next: string | undefined;
}

export interface Api {
  /** Path and query, such as `/api/audit`. */
  readonly get: (path: string, accept: string) => Promise<Page>;
}

/** The audit's calls page by page: an export that is interrupted goes on where it was. */
export const auditApi = (base: Base, send: Send, signal: AbortSignal): Api => ({
  get: async (path, accept) => {
    const { body, headers } = await send({ method: 'GET', path, headers: { accept }, signal });
    const link = /<([^>]+)>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1];
    return { body: Buffer.from(body), next: link === undefined ? undefined : pathOfLink(base, link, path) };
  },
});
