import { z } from 'zod';
import { longestOf, waitIn } from '../arm/retry-after.ts';
import type { CallIds } from '../arm/call-ids.ts';
import { jsonOf } from '../contract/json-of.ts';
import type { Arm } from '../network-watcher/arm.ts';
import type { Exchange } from '../network-watcher/exchange.ts';
import { codeOf } from './code-of.ts';

export interface GraphDeps {
  readonly arm: Arm;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** What a query came to: its rows, or why there are none and, where Azure is asked too often, when it may be asked again. */
export type GraphAnswer = { readonly rows: readonly unknown[] } | { readonly code: string; readonly notBefore?: Date };

/** Azure Resource Graph: an index of all resources that the identity may read. */
export type ResourceGraph = (query: string, subscriptions: readonly string[], ids: CallIds) => Promise<GraphAnswer>;

const PATH = '/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01';
const TIMEOUT_MS = 10_000;
const PAGE = 1000;
const MAX_PAGES = 100;
/** How long a listing waits, all in all, to be let in again: somebody waits for it. */
const MAX_WAIT_MS = 15_000;
/** Where Azure does not say: its quota is counted for so long. */
const QUOTA_SECONDS = 5;

// `resultTruncated` is a text, and on an ordinary page with a token it is "false".
const answer = z.looseObject({
  data: z.array(z.unknown()),
  $skipToken: z.string().nullish(),
  resultTruncated: z.unknown().optional(),
});

/** One identity asks for everybody, and Azure counts its queries: after the last of its quota nothing is sent until that is new. */
export function createResourceGraph(deps: GraphDeps): ResourceGraph {
  let quietUntil = 0;

  const waitTurn = async (deadline: number): Promise<boolean> => {
    const wait = quietUntil - deps.now().getTime();
    if (wait <= 0) return true;
    // Not all who wait may come back at the same moment.
    const apart = wait + deps.random() * 1000;
    if (deps.now().getTime() + apart > deadline) return false;
    await deps.sleep(apart);
    return true;
  };

  const send = async (query: string, subscriptions: readonly string[], token: string | undefined, ids: CallIds) => {
    const options = { resultFormat: 'objectArray', $top: PAGE, ...(token !== undefined && { $skipToken: token }) };
    const body = { subscriptions, query, options };
    const url = `${deps.arm.origin}${PATH}`;
    const exchange = await deps.arm.send({ method: 'POST', url, body, ids, timeoutMs: TIMEOUT_MS });
    const quiet = quietSeconds(exchange, deps.now());
    if (quiet !== undefined) quietUntil = Math.max(quietUntil, deps.now().getTime() + quiet * 1000);
    return exchange;
  };

  return async (query, subscriptions, ids) => {
    const deadline = deps.now().getTime() + MAX_WAIT_MS;
    const rows: unknown[] = [];
    let token: string | undefined;
    for (let pages = 0; pages < MAX_PAGES;) {
      if (!(await waitTurn(deadline))) return { code: 'RateLimiting', notBefore: new Date(quietUntil) };
      const exchange = await send(query, subscriptions, token, ids);
      if (exchange.kind === 'answer' && exchange.status === 429) continue;
      const answered = exchange.kind === 'answer' && exchange.status === 200;
      const read = answered ? answer.safeParse(jsonOf(exchange.body)).data : undefined;
      if (!read) return { code: codeOf(exchange) };
      rows.push(...read.data);
      token = read.$skipToken || undefined;
      // What follows the flag alone stops after one page, or loses rows without a word.
      if (token === undefined) return String(read.resultTruncated) === 'true' ? { code: 'ResultTruncated' } : { rows };
      pages += 1;
    }
    return { code: 'TooLarge' };
  };
}

/** For how long nothing may be sent after this answer. */
function quietSeconds(exchange: Exchange, now: Date): number | undefined {
  if (exchange.kind === 'no-response') return undefined;
  const { headers, status } = exchange;
  const isUsedUp = /^0+$/.test(headers.get('x-ms-user-quota-remaining') ?? '');
  if (status !== 429 && !isUsedUp) return undefined;
  const told = [waitIn(headers, now), secondsOf(headers.get('x-ms-user-quota-resets-after'))];
  return longestOf(told) ?? QUOTA_SECONDS;
}

/** `00:00:05` */
function secondsOf(header: string | null): number | undefined {
  const [, hours, minutes, seconds] = /^(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?$/.exec(header ?? '') ?? [];
  if (seconds === undefined) return undefined;
  // A part of a second counts as a whole one.
  return Math.max(1, Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + (header?.includes('.') ? 1 : 0));
}
