import { isIPv4 } from 'node:net';
import { isLoopback } from '../../address/is-loopback.ts';

/** Where a callback may go, as it is compared; else what to write. */
export type CallbackUrl = { readonly url: URL } | { readonly fault: string };

const parts = /^https?:\/\/(?<authority>[^/?#]+)(?<path>[^?#]*)/i;
// What URL readers drop, turn or decode, so that the receiver could see another path than the one that was compared.
const vanishing = /[\s\\\p{C}]/u;
const encodedStructure = /%(?:25)*(?:2e|2f|5c|[01][0-9a-f]|7f)/i;
// Longer encodings of a sign (%c0%ae), and %u002e, are nothing to one reader and a dot or a slash to another.
const unclearEscape = /%(?:25)*(?:u|c[01]|e0%(?:25)*[89]|f0%(?:25)*8|3f|23)/i;
const dotSegment = /\/\.{1,2}(?:;[^/]*)?(?=\/|$)/;

interface Read {
  readonly text: string;
  readonly url: URL;
  readonly authority: string;
  readonly path: string;
}

/** What no URL of a callback has, and what to write instead. */
const faults: readonly { readonly when: (read: Read) => boolean; readonly fault: string }[] = [
  {
    when: ({ url }) => url.protocol !== 'https:' && !isLoopback(url),
    fault: 'write https: http is for this machine alone',
  },
  {
    when: ({ text }) => vanishing.test(text),
    fault: 'write it without blanks, backslashes and invisible characters',
  },
  { when: ({ authority }) => authority.includes('@'), fault: 'write it without user name and password' },
  {
    when: ({ url, authority }) => isIPv4(url.hostname) && authority.replace(/:\d*$/, '') !== url.hostname,
    fault: 'write an IPv4 address as four numbers from 0 to 255, in decimal',
  },
  { when: ({ text }) => text.includes('#'), fault: 'write it without a fragment (#)' },
  {
    when: ({ path }) => encodedStructure.test(path) || unclearEscape.test(path),
    fault: 'write its path without %2e, %2f, %5c, %3f, %23, %u and control characters, and escapes as UTF-8',
  },
  {
    when: ({ path }) => dotSegment.test(path) || path.includes('//'),
    fault: 'write its path without the segments . and .. and without empty ones',
  },
];

/** Reads a URL that can mean one place only. Its query is the receiver's, and is not looked at. */
export function readCallbackUrl(text: string): CallbackUrl {
  const found = parts.exec(text)?.groups;
  if (!found || !URL.canParse(text)) return { fault: 'write a whole URL, https://host/path' };
  const { authority = '', path = '' } = found;
  const read = { text, url: new URL(text), authority, path };
  const wrong = faults.find(({ when }) => when(read));
  return wrong ? { fault: wrong.fault } : { url: read.url };
}
