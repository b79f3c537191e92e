export const DAY_MILLISECONDS = 86_400_000;

export const secondsAfter = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);

/** Such as 2026-03-01T10:05, in UTC. */
export const minuteOf = (time: Date): string => time.toISOString().slice(0, 16);

/** Whether a text is such a minute. */
export function isMinute(text: string): boolean {
  const time = new Date(`${text}:00.000Z`);
  return !Number.isNaN(time.getTime()) && minuteOf(time) === text;
}

/** Clocks of instances are up to 2 s fast or slow, and a queue counts in whole seconds: a message may be this much early. */
const EARLY_MILLISECONDS = 5000;

interface Waiting {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Waits for the rest of a time that has all but come; `false`, at once, where it is further away. */
export async function awaitDue({ now, sleep }: Waiting, dueAt: string): Promise<boolean> {
  const wait = new Date(dueAt).getTime() - now().getTime();
  if (wait > EARLY_MILLISECONDS) return false;
  if (wait > 0) await sleep(wait);
  return true;
}
