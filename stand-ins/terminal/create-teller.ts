import { z } from 'zod';
import type { Answered } from '../host/http/answer-by-function.ts';
import type { LogLine } from '../host/log.ts';
import { printable } from './printable.ts';
import { flowOf, nameInToken, parsed } from './what-is-asked.ts';

interface Deps {
  /** A line for whoever looks on. */
  readonly print: (line: string) => void;
  /** A line that says that something is wrong. */
  readonly warn: (line: string) => void;
  readonly now: () => Date;
  /** Calls it after so many milliseconds, unless the process has ended. */
  readonly later: (milliseconds: number, then: () => void) => void;
}

export interface Teller {
  answered(exchange: Answered): void;
  logged(line: LogLine): void;
}

/** Who asked, and for what. */
interface Known {
  readonly who: string;
  readonly flow: string;
}

const viewSchema = z.object({
  id: z.string(),
  requester: z.object({ name: z.string() }),
  request: z.unknown(),
});

const endedSchema = z.object({
  message: z.literal('check ended'),
  checkId: z.string(),
  status: z.string(),
  reachability: z.string().optional(),
  code: z.string().optional(),
  secondsWaited: z.number(),
  secondsRun: z.number().default(0),
});

const appLineSchema = z.object({ message: z.string(), part: z.string().optional(), cause: z.string().optional() });
const saidSchema = z.object({ message: z.string() });
const refusalSchema = z.object({
  error: saidSchema.extend({ code: z.string(), details: z.array(saidSchema).default([]) }),
});

/** Checks of which is remembered who asked for them; the oldest are forgotten. */
const MOST_KNOWN = 10_000;
/** A held answer comes after the end that it waited for. */
const ANSWER_MS = 3000;
/** The same warning is not told again within that time. */
const SAME_MS = 60_000;

/**
 * Tells of each check that ended, of each that was refused, and of what somebody should look at, in one line each. What
 * it knows comes from the app's log, and from the answers that pass through the host.
 */
export function createTeller({ print, warn, now, later }: Deps): Teller {
  const known = new Map<string, Known>();
  const waiting = new Map<string, (about: Known) => void>();
  const warned = new Map<string, number>();

  const tell = ({ who, flow }: Known, outcome: string, at = now()) => {
    print(`${clock(at)}  ${who.padEnd(8)}  ${flow.padEnd(32)}  ${outcome}`);
  };

  const learn = ({ id, requester, request }: z.infer<typeof viewSchema>) => {
    const about = { who: printable(requester.name, 40), flow: flowOf(request) ?? `check ${printable(id)}` };
    known.set(id, about);
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
    waiting.get(id)?.(about);
  };

  const ended = (end: z.infer<typeof endedSchema>) => {
    const at = now();
    const once = (about: Known) => {
      if (!waiting.delete(end.checkId)) return;
      tell(about, outcomeOf(end), at);
    };
    waiting.set(end.checkId, once);
    const about = known.get(end.checkId);
    if (about) once(about);
    else
      later(ANSWER_MS, () => {
        once({ who: '', flow: `check ${printable(end.checkId)}` });
      });
  };

  return {
    answered({ method, url, authorization, requestBody, status, body }) {
      const answer = parsed(body);
      const view = viewSchema.safeParse(answer).data;
      if (view) learn(view);
      if (method !== 'POST' || url.pathname !== '/api/checks' || status < 400) return;
      const { code, message, details } = refusalSchema.safeParse(answer).data?.error ?? noReason(status);
      const why = details.length === 0 ? message : details.map((detail) => detail.message).join(' ');
      const who = status === 401 ? 'somebody' : nameInToken(authorization);
      const flow = flowOf(parsed(requestBody)) ?? 'a check';
      tell({ who, flow }, printable(`refused (${code}): ${why}`, 300));
    },
    logged({ level, message, error }) {
      const line = appLineSchema.safeParse(parsed(message)).data ?? { message, cause: error?.split('\n')[0] };
      const end = endedSchema.safeParse(parsed(message)).data;
      if (end) ended(end);
      if (level !== 'warning' && level !== 'error' && level !== 'critical') return;
      const about = [line.message, 'part' in line ? line.part : undefined, line.cause].filter(Boolean).join(' ');
      const text = `${level}  ${printable(about, 300)}`;
      const at = now();
      if (at.getTime() - (warned.get(text) ?? -Infinity) < SAME_MS) return;
      warned.set(text, at.getTime());
      warn(`${clock(at)}  ${text}`);
    },
  };
}

const noReason = (status: number): z.infer<typeof refusalSchema>['error'] => ({
  code: String(status),
  message: 'the host says no more',
  details: [],
});

function outcomeOf({ status, reachability, code, secondsWaited, secondsRun }: z.infer<typeof endedSchema>): string {
  const outcome = reachability ?? (code === undefined ? status : `${status}: ${code}`);
  return `${printable(outcome)} (${Math.round(secondsWaited + secondsRun)} s)`;
}

/** The local time, as on the clock of whoever looks on. */
const clock = (time: Date): string => time.toTimeString().slice(0, 8);
