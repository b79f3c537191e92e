// The three forms of RFC 9110, section 5.6.7; matched first, because Date.parse takes far more than HTTP allows.
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const time = '\\d{2}:\\d{2}:\\d{2}';
const imfFixdate = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{2} ${month} \\d{4} ${time} GMT$`);
const rfc850Date = new RegExp(`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \\d{2}-${month}-\\d{2} ${time} GMT$`);
const asctimeDate = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${month} [ \\d]\\d ${time} \\d{4}$`);

const SHORTEST_SECONDS = 1;
const LONGEST_SECONDS = 3600;

/**
 * Seconds to wait as a Retry-After header tells, within 1–3600. Anything but 1–5 digits or an HTTP date counts as
 * absent, so that no stray header can stop a check or make it hammer.
 */
export function retryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d{1,5}$/.test(header) ? Number(header) : secondsUntil(header, now);
  return seconds === undefined ? undefined : Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds));
}

function secondsUntil(date: string, now: Date): number | undefined {
  const text = asctimeDate.test(date) ? `${date} GMT` : date;
  if (text === date && !imfFixdate.test(date) && !rfc850Date.test(date)) return undefined;
  const seconds = Math.ceil((Date.parse(text) - now.getTime()) / 1000);
  return Number.isNaN(seconds) ? undefined : seconds;
}
