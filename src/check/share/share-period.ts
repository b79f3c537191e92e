import { Problem } from '../../contract/problem.ts';
import { DAY_MILLISECONDS } from '../../contract/time.ts';

const USUAL_DAYS = 7;
const MOST_DAYS = 30;

/** Until when a check is shared. Throws `InvalidRequest` where that is over already, or too far away. */
export function sharedUntil(now: Date, asked: string | undefined): string {
  if (asked === undefined) return new Date(now.getTime() + USUAL_DAYS * DAY_MILLISECONDS).toISOString();
  const until = new Date(asked);
  if (until > now && until.getTime() <= now.getTime() + MOST_DAYS * DAY_MILLISECONDS) return until.toISOString();
  throw new Problem('InvalidRequest', `Give a time that is to come, at most ${MOST_DAYS} days from now.`, {
    target: 'until',
  });
}
