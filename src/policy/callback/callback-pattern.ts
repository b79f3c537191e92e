import { glob } from '../pattern/glob.ts';
import { readCallbackUrl } from './callback-url.ts';

export type CallbackPattern = { readonly matches: (url: URL) => boolean } | { readonly fault: string };

/** Reads a URL with stars in its path: `*` stays within its segment, a last `/**` is the rest, also where there is none. */
export function parseCallbackPattern(text: string): CallbackPattern {
  const read = readCallbackUrl(text);
  if ('fault' in read) return { fault: `"${text}" is no address of callbacks: ${read.fault}` };
  if (text.includes('?')) return { fault: `"${text}" has a query: leave it out, any is allowed` };
  const { origin, pathname } = read.url;
  if (origin.includes('*')) return { fault: `"${text}" has a star in its host: name each host` };
  const open = pathname.endsWith('/**');
  const segments = segmentsOf(open ? pathname.slice(0, -3) : pathname);
  if (segments.some((segment) => segment.includes('**')))
    return { fault: `"${text}" has ** in its middle: write * for one segment, or /** at the end` };
  const matchers = segments.map(glob);
  return {
    matches: (url) => {
      const given = segmentsOf(url.pathname);
      const fits = open ? given.length >= matchers.length : given.length === matchers.length;
      return url.origin === origin && fits && matchers.every((matches, index) => matches(given[index] ?? ''));
    },
  };
}

/** Without the empty text before the first slash. */
const segmentsOf = (path: string): readonly string[] => path.split('/').slice(1);
