import { domainToUnicode } from 'node:url';
import { hostCharacters } from './host-character.ts';

/** Whether every character of a host name, as punycode or as it reads, can stand in one. */
export const hasOnlyLetters = (host: string): boolean => domainToUnicode(host).replace(hostCharacters, '') === '';

/** Whether the last part of a host name begins with a digit of another script than ours, as no top-level domain does. */
export const endsInNumber = (host: string): boolean => /(?:^|\.)(?![0-9])\p{Nd}[^.]*$/u.test(domainToUnicode(host));

/** The text with its digits of any script as 0 to 9. */
export const withPlainDigits = (text: string): string =>
  text.replace(/(?![0-9])\p{Nd}/gu, (digit) => String(valueOf(digit.codePointAt(0) ?? 0)));

/** Digits stand from zero to nine in a row. */
function valueOf(code: number): number {
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return (code - zero) % 10;
}
