import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';

/** A number that begins with a zero: decimal to people who align their lists, octal to network code. */
const padded = /^0\d+$/;

/** Whether the text is made like an IPv4 address, and one of its numbers begins with a zero. */
export const hasPaddedNumber = (text: string): boolean => numbersOf(text).some((number) => padded.test(number));

/** The addresses that a text with padded numbers can stand for: by its decimal reading, then by its octal one. */
export function paddedReadings(text: string): readonly string[] {
  const numbers = numbersOf(text);
  const decimal = numbers.map((number) => (padded.test(number) ? number.replace(/^0+(?=\d)/, '') : number));
  const readings = [decimal, numbers].map((each) => domainToASCII(each.join('.')));
  return [...new Set(readings.filter((each) => ipaddr.IPv4.isValidFourPartDecimal(each)))];
}

/** The parts of an IPv4 address before they are read as numbers; none where the text is made in another way. */
function numbersOf(text: string): readonly string[] {
  // With a letter behind it the URL reader takes a name, and only folds what is written: full-width digits, other dots.
  const folded = /[^\p{ASCII}]/u.test(text) ? domainToASCII(`${text}.x`).slice(0, -2) : text.toLowerCase();
  const parts = folded.replace(/\.$/, '').split('.');
  return parts.length <= 4 && parts.every((part) => /^(?:\d+|0x[0-9a-f]*)$/.test(part)) ? parts : [];
}
