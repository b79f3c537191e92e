import { z } from 'zod';
import { waitIn } from '../arm/retry-after.ts';
import type { CallIds } from '../arm/call-ids.ts';
import { jsonOf } from '../contract/json-of.ts';
import { secondsAfter } from '../contract/time.ts';
import type { Arm } from '../network-watcher/arm.ts';
import type { Exchange } from '../network-watcher/exchange.ts';
import { codeOf } from './code-of.ts';

const page = z.looseObject({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

/** All items of a list of ARM's, or the code of what went wrong and, where ARM says so, when it may be asked again. */
export type List = { readonly items: readonly unknown[] } | NoList;
export interface NoList {
  readonly code: string;
  readonly notBefore?: Date | undefined;
}

export interface ListDeps {
  readonly arm: Arm;
  readonly now: () => Date;
}

const MAX_PAGES = 200;
const PAGE_TIMEOUT_MS = 10_000;

/** Reads a list page by page; `path` begins with a slash and has a query. */
export async function readList({ arm, now }: ListDeps, path: string, ids: CallIds): Promise<List> {
  const items: unknown[] = [];
  let url: string | undefined = `${arm.origin}${path}`;
  for (let pages = 0; url !== undefined; pages += 1) {
    if (pages >= MAX_PAGES) return { code: 'TooLarge' };
    const exchange = await arm.send({ method: 'GET', url, ids, timeoutMs: PAGE_TIMEOUT_MS });
    const answered = exchange.kind === 'answer' && exchange.status === 200;
    const read = answered ? page.safeParse(jsonOf(exchange.body)).data : undefined;
    if (!read) return { code: codeOf(exchange), notBefore: notBefore(exchange, now()) };
    items.push(...read.value);
    url = read.nextLink || undefined;
  }
  return { items };
}

function notBefore(exchange: Exchange, now: Date): Date | undefined {
  const seconds = exchange.kind === 'no-response' ? undefined : waitIn(exchange.headers, now);
  return seconds === undefined ? undefined : secondsAfter(now, seconds);
}
