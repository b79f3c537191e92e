import type { LimitState } from '../contract/answer/limit.ts';
import { sha256 } from '../contract/sha256.ts';
import type { Limits } from './policy.ts';
import type { Flow } from './rule/flow.ts';
import type { Target } from './rule/target.ts';

/** A request that the same requester made before. */
export interface PastRequest {
  readonly at: Date;
  /** `false` for a check that has ended, and for a refused request. */
  readonly open: boolean;
  /** What was to be reached, in the spelling of `destinationKey`; absent for a refused request. */
  readonly destinationKey?: string | undefined;
  readonly ports: readonly number[];
  /** The rule that allowed it; absent for a refused request. */
  readonly rule?: string | undefined;
  /** It was refused for a limit, and counts for none: who asks too early is not kept waiting for longer. */
  readonly overLimit?: boolean | undefined;
}

const MINUTE = 60;
const HOUR = 3600;
/** Nobody knows when a check will end: most do within this time. */
const ACTIVE_RESET_SECONDS = 10;

/** Keys are kept in rows and asked for in filters, which have room for so many characters. */
const MAX_KEY = 512;

/** A destination without its port: a port scan goes through the ports of one destination. */
export function destinationKey({ targets: [first] }: Flow): string {
  const key = first ? keyOf(first.target) : '';
  return key.length <= MAX_KEY ? key : sha256(key);
}

/** Of an IPv6 address that embeds an IPv4 address it is that one: many spellings lead to it. */
function keyOf(target: Target): string {
  if (target.kind === 'resource') return `/${target.id.join('/')}`;
  const [own, embedded = own] = target.ips;
  return embedded?.toString() ?? target.host ?? '';
}

export function portsOf({ targets }: Flow): readonly number[] {
  return [...new Set(targets.flatMap(({ port }) => port ?? []))];
}

/** What is left of each limit that the policy sets before the request is counted. */
export function limitStates(limits: Limits, past: readonly PastRequest[], now: Date, flow?: Flow): LimitState[] {
  const { requestsPerMinute, active, portsPerHour } = limits;
  return [
    ...(requestsPerMinute === undefined ? [] : [requestsLeft(requestsPerMinute, past, now)]),
    ...(active === undefined ? [] : [activeLeft(active, past)]),
    ...(portsPerHour === undefined || flow === undefined ? [] : [portsLeft(portsPerHour, past, now, flow)]),
  ];
}

/** The limit that a request of this flow would break. A port that was tested within the hour is no new one. */
export function brokenLimit(
  states: readonly LimitState[],
  past: readonly PastRequest[],
  now: Date,
  flow: Flow,
): LimitState | undefined {
  const known = portsWithin(past, now, flow);
  const isNew = portsOf(flow).some((port) => !known.has(port));
  return states.find(({ name, remaining }) => remaining <= 0 && (name !== 'ports' || isNew));
}

function requestsLeft(quota: number, past: readonly PastRequest[], now: Date): LimitState {
  const recent = within(past, now, MINUTE);
  return {
    name: 'requests',
    quota,
    remaining: Math.max(0, quota - recent.length),
    windowSeconds: MINUTE,
    resetSeconds: resetOf(recent, now, MINUTE),
  };
}

function activeLeft(quota: number, past: readonly PastRequest[]): LimitState {
  const open = past.filter((request) => request.open).length;
  return { name: 'active', quota, remaining: Math.max(0, quota - open), resetSeconds: ACTIVE_RESET_SECONDS };
}

function portsLeft(quota: number, past: readonly PastRequest[], now: Date, flow: Flow): LimitState {
  const key = destinationKey(flow);
  const recent = within(past, now, HOUR).filter((earlier) => earlier.destinationKey === key);
  const remaining = Math.max(0, quota - portsWithin(past, now, flow).size);
  return { name: 'ports', quota, remaining, windowSeconds: HOUR, resetSeconds: resetOf(recent, now, HOUR) };
}

function portsWithin(past: readonly PastRequest[], now: Date, flow: Flow): Set<number> {
  const key = destinationKey(flow);
  return new Set(within(past, now, HOUR).flatMap((earlier) => (earlier.destinationKey === key ? earlier.ports : [])));
}

const within = (past: readonly PastRequest[], now: Date, seconds: number): PastRequest[] =>
  past.filter(({ at }) => at.getTime() > now.getTime() - seconds * 1000);

/** Until the oldest of them leaves the window. */
function resetOf(recent: readonly PastRequest[], now: Date, seconds: number): number {
  if (recent.length === 0) return 0;
  const oldest = Math.min(...recent.map(({ at }) => at.getTime()));
  return Math.max(1, Math.ceil((oldest - now.getTime()) / 1000 + seconds));
}
