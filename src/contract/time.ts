export const DAY_MILLISECONDS = 86_400_000;

export const secondsAfter = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);

/** Such as 2026-03-01T10:05, in UTC. */
export const minuteOf = (time: Date): string => time.toISOString().slice(0, 16);

/** Whether a text is such a minute. */
export function isMinute(text: string): boolean {
  const time = new Date(`${text}:00.000Z`);
  return !Number.isNaN(time.getTime()) && minuteOf(time) === text;
}
