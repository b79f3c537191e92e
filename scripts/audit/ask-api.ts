import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Api {
  /** Path and query, such as `/api/audit`. Answers have a status of 200; the body is read once. */
  readonly get: (
    path: string,
    accept: string,
  ) => Promise<{ readonly body: AsyncIterable<Uint8Array>; readonly next: string | undefined }>;
}

const ANSWER_MILLISECONDS = 230_000;
const MAX_TRIES = 6;
const MAX_WAIT_SECONDS = 60;

/** The proxy's HTTP API with a token from `--token-file`, or from CCP_TOKEN. It waits out a 429 and a 503. */
export async function askApi({
  url,
  tokenFile,
}: {
  readonly url: string;
  readonly tokenFile: string | undefined;
}): Promise<Api> {
  const token = tokenFile === undefined ? process.env['CCP_TOKEN'] : await readFile(tokenFile, 'utf8');
  if (!token)
    throw new Error('Give an access token with the role Audit.Read in CCP_TOKEN, or in a file as --token-file.');
  const base = url.replace(/\/$/, '');
  const headers = { authorization: `Bearer ${token.trim()}` };

  return {
    async get(path, accept) {
      for (let tries = 1; ; tries++) {
        const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
        const response = await fetch(base + path, { headers: { ...headers, accept }, signal, redirect: 'error' });
        if (response.status === 200 && response.body)
          return { body: Readable.fromWeb(response.body, { signal }), next: nextPath(response.headers.get('link')) };
        const text = await response.text();
        if (![429, 503].includes(response.status) || tries === MAX_TRIES)
          throw new Error(`The proxy answered ${response.status} to ${path}: ${text.slice(0, 500)}`);
        await sleep(
          1000 * Math.min(MAX_WAIT_SECONDS, Math.max(1, Number(response.headers.get('retry-after')) || tries)),
        );
      }
    },
  };
}

/** Only path and query of the link are followed: the token is for the address that was given. */
function nextPath(link: string | null): string | undefined {
  const target = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target);
  return pathname.slice(pathname.indexOf('/api/')) + search;
}
