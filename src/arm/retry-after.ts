// The three forms of RFC 9110, section 5.6.7; matched first, because Date.parse takes far more than HTTP allows.
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const time = '\\d{2}:\\d{2}:\\d{2}';
const imfFixdate = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{2} ${month} \\d{4} ${time} GMT$`);
const rfc850Date = new RegExp(`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \\d{2}-${month}-\\d{2} ${time} GMT$`);
const asctimeDate = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${month} [ \\d]\\d ${time} \\d{4}$`);

const SHORTEST_SECONDS = 1;
const LONGEST_SECONDS = 3600;

/** ", " parts a list, but for the one in a date. A comma between two numbers is a decimal point where it is the only one. */
const separator = /(?<!\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)|day)[ \t]*,[ \t]+/;
const number = /^\d{1,5}(?:[.,]\d{1,20})?$/;
const milliseconds = /^\d{1,8}(?:[.,]\d{1,20})?$/;

/**
 * Seconds to wait as a Retry-After header tells, within 1–3600: of a list the longest. Anything but 1–5 digits, a
 * fraction (rounded up) or an HTTP date counts as absent, so that no stray header can stop a check or make it hammer.
 */
export function retryAfter(header: string | null, now: Date): number | undefined {
  return longest(header, (item) => (number.test(item) ? numberIn(item) : secondsUntil(item, now)));
}

/** The longest wait that an answer's headers tell, in whichever form: `Retry-After`, or either header in milliseconds. */
export function waitIn(headers: Headers, now: Date): number | undefined {
  const told = [
    retryAfter(headers.get('retry-after'), now),
    inMilliseconds(headers.get('retry-after-ms')),
    inMilliseconds(headers.get('x-ms-retry-after-ms')),
  ];
  return longestOf(told);
}

export function longestOf(waits: readonly (number | undefined)[]): number | undefined {
  const told = waits.filter((wait) => wait !== undefined);
  return told.length === 0 ? undefined : Math.max(...told);
}

const inMilliseconds = (header: string | null): number | undefined =>
  longest(header, (item) => (milliseconds.test(item) ? numberIn(item) / 1000 : undefined));

const numberIn = (text: string): number => Number(text.replace(',', '.'));

function longest(header: string | null, read: (item: string) => number | undefined): number | undefined {
  const parts = header?.split(separator) ?? [];
  const seconds = longestOf(parts.flatMap((part) => read(part) ?? part.split(',').map(read)));
  return seconds === undefined ? undefined : Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, Math.ceil(seconds)));
}

function secondsUntil(date: string, now: Date): number | undefined {
  const text = asctimeDate.test(date) ? `${date} GMT` : date;
  if (text === date && !imfFixdate.test(date) && !rfc850Date.test(date)) return undefined;
  const seconds = (Date.parse(text) - now.getTime()) / 1000;
  return Number.isNaN(seconds) ? undefined : seconds;
}
