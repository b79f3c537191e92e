import type { LimitState } from '../contract/answer/limit.ts';
import { Problem } from '../contract/problem.ts';
import { brokenLimit, limitStates, type PastRequest, destinationKey, portsOf } from '../policy/limits.ts';
import { limitsUnder } from '../policy/limits-under.ts';
import type { Policy } from '../policy/policy.ts';
import type { Flow } from '../policy/rule/flow.ts';
import { writtenLimits } from '../policy/written-limits.ts';
import type { RequesterHistory } from './ports/requester-history.ts';
import type { Deadlines } from './state/schedule.ts';
import { secondsAfter } from '../contract/time.ts';

export interface LimitDeps {
  readonly history: RequesterHistory;
  readonly policy: Policy;
  readonly deadlines: Deadlines;
  readonly now: () => Date;
}

const HOUR_SECONDS = 3600;

export interface Counted {
  /** What is left of the requester's limits once the request is counted. */
  readonly limits: readonly LimitState[];
  /** The Problem `TooManyRequests` where the request would break one. */
  readonly tooMany?: Problem | undefined;
  /** Whoever waits is within that limit again; a port that is one too many is refused for an hour. */
  readonly passes?: boolean;
}

/**
 * Holds a request to the limits. Requests that are decided at the same time do not see each other, so those of one
 * requester take turns in each instance: one for each further instance can be admitted over a limit, and no more.
 * A rule with limits of its own counts what it allowed; all other requests, refused ones too, are counted together.
 */
export async function countRequest(
  deps: LimitDeps,
  requesterId: string,
  flow: Flow,
  rule: string | undefined,
): Promise<Counted> {
  if (!hasLimits(deps.policy)) return { limits: [] };
  const now = deps.now();
  const { limits: quotas, counts } = limitsUnder(deps.policy, rule);
  const past = (await pastRequests(deps, requesterId, now, destinationKey(flow))).filter(counts);
  const limits = limitStates(quotas, past, now, flow);
  const broken = brokenLimit(limits, past, now, flow);
  if (broken) {
    return { limits, tooMany: tooManyOf(broken, limits), passes: broken.name !== 'ports' };
  }
  const counted = { at: now, open: true, destinationKey: destinationKey(flow), ports: portsOf(flow) };
  return { limits: limitStates(quotas, [counted, ...past], now, flow) };
}

/** The refusal by a limit. */
export function tooManyOf(broken: LimitState, limits: readonly LimitState[]): Problem {
  const more = { retryAfterSeconds: Math.max(1, broken.resetSeconds), limits };
  return new Problem('TooManyRequests', messages[broken.name](broken), more);
}

/** What is left of the general limits that do not depend on a destination. */
export async function limitsOf(deps: LimitDeps, requesterId: string): Promise<LimitState[]> {
  if (!hasLimits(deps.policy)) return [];
  const now = deps.now();
  const { limits, counts } = limitsUnder(deps.policy, undefined);
  return limitStates(limits, (await pastRequests(deps, requesterId, now)).filter(counts), now);
}

/** What counts toward limits: of the last minute all, of the time before what is open and what is of that destination. */
export async function pastRequests(
  deps: LimitDeps,
  requesterId: string,
  now: Date,
  destination?: string,
): Promise<PastRequest[]> {
  const past = await deps.history.since(requesterId, windowStart(deps, now), now, destination);
  return past.filter(({ overLimit }) => overLimit !== true);
}

export const hasLimits = ({ limits, allowRules }: Policy): boolean =>
  [limits, ...allowRules.map(({ written }) => written.limits)].some((each) => writtenLimits(each) !== undefined);

/** No open check is older than its deadlines allow. */
const windowStart = ({ deadlines }: LimitDeps, now: Date): Date =>
  secondsAfter(now, -Math.max(HOUR_SECONDS, deadlines.queueSeconds + deadlines.checkSeconds));

const messages: Readonly<Record<LimitState['name'], (state: LimitState) => string>> = {
  requests: ({ quota }) => `You may ask ${quota} times a minute: wait as Retry-After says, and ask again.`,
  active: ({ quota }) =>
    `You may have ${quota} checks under way at once: wait until one of yours has ended, or cancel one.`,
  ports: ({ quota }) =>
    `You may test ${quota} ports an hour on one destination: wait as Retry-After says, or ask the proxy's operators for more.`,
};
