import type { ReadOnly } from '../contract/answer/read-only.ts';
import type { SharedWith } from '../contract/answer/shared-with.ts';
import { momentInWords } from './visible.ts';

/** `shared with one person until 2026-03-08 10:02:11 UTC` */
export function shareInWords({ to, until }: ReadOnly<SharedWith>): string {
  const who = to
    ? `with ${to.length === 1 ? 'one person' : `${to.length} persons`}`
    : 'with whoever may ask for checks and has its id';
  return `shared ${who} until ${momentInWords(until)}`;
}
