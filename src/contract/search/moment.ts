/** A time as it was asked for: a fixed one, or so long before now. */
export type Moment = { readonly at: Date } | { readonly before: number };

const FIRST_MILLISECOND = 1;
const LAST_MILLISECOND = 9_999_999_999_998;

const MINUTE = 60_000;
const units: Readonly<Record<string, number>> = { m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE };

// RFC 3339 with or without seconds. The `+` of an offset that was sent raw arrives as a blank, which can be nothing else.
const day = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const clock = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;
const written = new RegExp(`^(${day})(?:T(${clock}(?::[0-5]\\d(?:\\.\\d+)?)?)(Z|[+ -]${clock}))?$`, 'i');

/** A time, a day (its beginning, UTC), or `-90m`, `-36h`, `-7d`; `undefined` for anything else. */
export function readMoment(text: string): Moment | undefined {
  const [, count, unit = ''] = /^-([1-9]\d{0,5})([mhd])$/i.exec(text) ?? [];
  if (count !== undefined) return { before: Number(count) * (units[unit.toLowerCase()] ?? 0) };
  const [, date, time = '00:00', offset = 'Z'] = written.exec(text) ?? [];
  if (date === undefined || !isDay(date)) return undefined;
  return { at: orderable(new Date(`${date}T${time}${offset.replace(' ', '+').toUpperCase()}`)) };
}

export const momentAt = (moment: Moment, now: Date): Date =>
  'at' in moment ? moment.at : orderable(new Date(now.getTime() - moment.before));

/** 30 February is no day, though a Date would read it as 2 March. */
const isDay = (date: string): boolean => new Date(`${date}T00:00Z`).toISOString().startsWith(date);

/** What storage cannot order is as early, or as late, as can be. */
const orderable = (time: Date): Date =>
  new Date(Math.min(LAST_MILLISECOND, Math.max(FIRST_MILLISECOND, time.getTime())));
