import type { SharedWith } from '../../contract/answer/shared-with.ts';
import { Problem } from '../../contract/problem.ts';
import { DAY_MILLISECONDS } from '../../contract/time.ts';

const USUAL_DAYS = 7;
const MOST_DAYS = 30;

interface Asked {
  readonly to?: readonly string[] | undefined;
  /** In ISO 8601; absent: a week. */
  readonly until?: string | undefined;
}

/** Whom a check is shared with, and until when. Throws `InvalidRequest` where `until` is over already, or too far away. */
export const sharedWithOf = (now: Date, { to, until }: Asked): SharedWith => ({
  ...(to && { to: [...new Set(to)] }),
  until: untilOf(now, until),
});

function untilOf(now: Date, asked: string | undefined): string {
  if (asked === undefined) return new Date(now.getTime() + USUAL_DAYS * DAY_MILLISECONDS).toISOString();
  const until = new Date(asked);
  if (until > now && until.getTime() <= now.getTime() + MOST_DAYS * DAY_MILLISECONDS) return until.toISOString();
  throw new Problem('InvalidRequest', `Give a time that is to come, at most ${MOST_DAYS} days from now.`, {
    target: 'until',
  });
}
