import { readFile } from 'node:fs/promises';
import { retryAfter } from '../../src/arm/retry-after.ts';

/** An answer with a status of 200, whole. */
export interface Page {
  readonly body: Buffer;
  /** Path and query of the next page. */
  readonly next: string | undefined;
}

export interface Api {
  /** Path and query, such as `/api/audit`. */
  readonly get: (path: string, accept: string) => Promise<Page>;
}

interface Deps {
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly now: () => Date;
}

const ANSWER_MILLISECONDS = 230_000;
const MAX_TRIES = 6;
const MAX_WAIT_SECONDS = 60;
/** The proxy, or what stands before it, may be there again soon. */
const passing = [408, 429, 500, 502, 503, 504];

type Tried =
  | { readonly page: Page }
  | { readonly trouble: string; readonly again: boolean; readonly afterSeconds?: number | undefined };

/**
 * The proxy's HTTP API with a token from `--token-file`, or from CCP_TOKEN. Lost connections and troubles that pass are
 * tried six times in all, with pauses of 1, 2, 4 … seconds or as Retry-After says, up to a minute.
 */
export async function askApi(
  { sleep, now }: Deps,
  { url, tokenFile }: { readonly url: string; readonly tokenFile: string | undefined },
): Promise<Api> {
  const token = tokenFile === undefined ? process.env['CCP_TOKEN'] : await readFile(tokenFile, 'utf8');
  if (!token)
    throw new Error('Give an access token with the role Audit.Read in CCP_TOKEN, or in a file as --token-file.');
  const base = url.replace(/\/$/, '');
  const authorization = `Bearer ${token.trim()}`;

  async function attempt(path: string, accept: string): Promise<Tried> {
    try {
      const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
      // A redirect is not followed: the token is for the address that was given.
      const response = await fetch(base + path, { headers: { authorization, accept }, signal, redirect: 'manual' });
      const body = Buffer.from(await response.arrayBuffer());
      if (response.status === 200) return { page: { body, next: nextPath(response.headers.get('link')) } };
      return {
        trouble: `The proxy answered ${response.status} to ${path}: ${body.toString().slice(0, 500)}`,
        again: passing.includes(response.status),
        afterSeconds: retryAfter(response.headers.get('retry-after'), now()),
      };
    } catch (error) {
      return { trouble: `The proxy at ${base} gave no whole answer to ${path}: ${described(error)}`, again: true };
    }
  }

  return {
    async get(path, accept) {
      for (let tries = 1; ; tries++) {
        const tried = await attempt(path, accept);
        if ('page' in tried) return tried.page;
        if (!tried.again) throw new Error(tried.trouble);
        if (tries === MAX_TRIES) throw new Error(`${tried.trouble} (tried ${MAX_TRIES} times)`);
        await sleep(1000 * Math.min(MAX_WAIT_SECONDS, tried.afterSeconds ?? 2 ** (tries - 1)));
      }
    },
  };
}

/** What fetch says is in the cause. */
function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}, ${error.cause.message}` : error.message;
}

/** Only path and query of the link are followed. */
function nextPath(link: string | null): string | undefined {
  const target = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target);
  return pathname.slice(pathname.indexOf('/api/')) + search;
}
