import { withinLink } from './undo-paste.ts';

// What nobody sees, at the begin or the end of what was copied: it is part of no name.
const edges = /^[\ufeff\u2060\u200b-\u200f]+|[\ufeff\u2060\u200b-\u200f]+$/gu;
const quotes =
  /^["'`\u00ab\u00bb\u2018-\u201f\u2032\u2033\u2039\u203a]+|["'`\u00ab\u00bb\u2018-\u201f\u2032\u2033\u2039\u203a]+$/gu;
const punctuation = /[.,;!?\u2026\u3001\u3002\uff01\uff0c\uff1b\uff1f]+$/u;
// The end of an IPv6 address is no colon of a sentence.
const colon = /(?<!:):$/;
const brackets: readonly (readonly [open: string, close: string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['<', '>'],
];
const slackLink = /^<([^<>|]+)\|([^<>]*)>/;
const markdownLink = /^\[([^\][\s]+)\]\(([^()\s]*)\)/;

/** A word without what stands around it in a sentence or on a page: quotes, brackets, punctuation, marks of a link. */
export function bareWord(word: string): string {
  const bare = withoutBrackets(
    word
      .replace(edges, '')
      .replace(quotes, '')
      .replace(slackLink, (_, target: string, label: string) => withinLink(target, label))
      .replace(markdownLink, (_, label: string, target: string) => withinLink(target, label))
      .replace(punctuation, '')
      .replace(colon, ''),
  );
  return bare === word ? word : bareWord(bare);
}

/** `[::1]:443` and `set(1)` have brackets of their own; one alone, or a pair around the whole, comes from around it. */
function withoutBrackets(word: string): string {
  return brackets.reduce((rest, [open, close]) => {
    const count = (sign: string): number => rest.split(sign).length - 1;
    const isAround = rest.startsWith(open) && rest.endsWith(close) && !(open === '[' && rest.includes(':'));
    if (isAround) return rest.slice(1, -1);
    if (rest.startsWith(open) && count(open) > count(close)) return rest.slice(1);
    return rest.endsWith(close) && count(close) > count(open) ? rest.slice(0, -1) : rest;
  }, word);
}
