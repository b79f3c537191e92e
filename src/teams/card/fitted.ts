import { cutText } from '../../contract/text/cut-text.ts';
import type { Card } from './card.ts';

/** How much of an answer is drawn. */
export interface Limits {
  /** Characters of one text. */
  readonly text: number;
  /** Entries of one list. */
  readonly entries: number;
}

/** Teams refuses a message of some 28 KB, of which the card is the most. */
const MOST_BYTES = 25_000;

const least: Limits = { text: 60, entries: 1 };
const fromMost: readonly Limits[] = [
  { text: 4000, entries: 60 },
  { text: 1000, entries: 30 },
  { text: 400, entries: 15 },
  { text: 150, entries: 5 },
];

/** The most that fits into a message; all of it is on the page that the card links to. */
export function fitted(draw: (limits: Limits) => Card): Card {
  for (const limits of fromMost) {
    const card = draw(limits);
    if (bytesOf(card) <= MOST_BYTES) return card;
  }
  return draw(least);
}

const bytesOf = (card: Card): number => new TextEncoder().encode(JSON.stringify(card)).length;

/** The begin of a text that is too long, with a sign that it is. */
export const shortened = (text: string, { text: most }: Pick<Limits, 'text'>): string =>
  text.length <= most ? text : `${cutText(text, most - 1)}…`;

/** The first of a list, and how many more there are. */
export function firstOf<T>(entries: readonly T[], { entries: most }: Limits): { first: readonly T[]; more: number } {
  const first = entries.length <= most ? entries : entries.slice(0, most);
  return { first, more: entries.length - first.length };
}
