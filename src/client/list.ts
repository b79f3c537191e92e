import { type Base, pathOfLink } from './address.ts';
import { objectOf } from './answer.ts';
import type { List, Page } from './client.ts';
import { NetcheckError } from './netcheck-error.ts';
import type { Send } from './send.ts';

/** The list that begins at a path. */
export function listAt<T, P extends Page<T>>(
  deps: { readonly send: Send; readonly base: Base },
  first: string,
  signal: AbortSignal | undefined,
): List<T, P> {
  async function* pages(): AsyncGenerator<P, void, undefined> {
    for (let path: string | undefined = first; path !== undefined;) {
      const page: P = objectOf<P>(await deps.send({ method: 'GET', path, signal }));
      yield page;
      path = nextPath(deps.base, page.nextLink, path);
    }
  }
  async function* items(): AsyncGenerator<T, void, undefined> {
    for await (const page of pages()) yield* page.value;
  }
  return { pages, [Symbol.asyncIterator]: items };
}

/** The path of the page that a link names. Throws where it is the same page again. */
export function nextPath(base: Base, link: string | undefined, path: string): string | undefined {
  const next = link === undefined ? undefined : pathOfLink(base, link, path);
  if (next !== path) return next;
  throw new NetcheckError('UnexpectedAnswer', 'A page of the list names itself as the next one.', { status: 200 });
}
