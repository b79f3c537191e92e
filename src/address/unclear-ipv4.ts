import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';

/** A number that begins with a zero: decimal to people who align their lists, octal to network code. */
const padded = /^0\d+$/;

/** An IPv4 address that is not written as four plain decimal numbers, and what it can stand for. */
export interface UnclearIpv4 {
  /** One of its numbers begins with a zero. */
  readonly padded: boolean;
  /** As people read it, then as programs do; none where a number is too large. */
  readonly readings: readonly string[];
}

/** Reads `010.0.0.1`, `10.1.2`, `167772161`, `0x7f.1` and the like; `undefined` for a plain address and for all else. */
export function readUnclearIpv4(text: string): UnclearIpv4 | undefined {
  const numbers = numbersOf(text);
  if (numbers.length === 0 || ipaddr.IPv4.isValidFourPartDecimal(numbers.join('.'))) return undefined;
  const decimal = numbers.map((number) => (padded.test(number) ? number.replace(/^0+(?=\d)/, '') : number));
  const readings = [decimal, numbers].map((each) => domainToASCII(each.join('.')));
  return {
    padded: numbers.some((number) => padded.test(number)),
    readings: [...new Set(readings.filter((each) => ipaddr.IPv4.isValidFourPartDecimal(each)))],
  };
}

/** The parts of an IPv4 address before they are read as numbers; none where the text is made in another way. */
function numbersOf(text: string): readonly string[] {
  // With a letter behind it the URL reader takes a name, and only folds what is written: full-width digits, other dots.
  const folded = /[^\p{ASCII}]/u.test(text) ? domainToASCII(`${text}.x`).slice(0, -2) : text.toLowerCase();
  const parts = folded.replace(/\.$/, '').split('.');
  return parts.length <= 4 && parts.every((part) => /^(?:\d+|0x[0-9a-f]*)$/.test(part)) ? parts : [];
}
