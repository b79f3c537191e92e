import { hasDisputedLetter } from '../../arm/fold-case.ts';
import { type Segments, segmentsOf } from '../../arm/resource-id.ts';
import { glob } from './glob.ts';

export type ResourcePattern = (id: Segments) => boolean;

const segmentText = /^[\p{L}\p{M}\p{N}_.()*-]+$/u;
const keywords = [
  { at: 0, word: 'subscriptions' },
  { at: 2, word: 'resourcegroups' },
  { at: 4, word: 'providers' },
];

/** Reads a resource id with stars: `*` stays within its segment, a last `**` is the rest, also where there is none. */
export function parseResourcePattern(text: string): ResourcePattern | undefined {
  if (hasDisputedLetter(text)) return undefined;
  const open = text.endsWith('/**');
  const segments = segmentsOf(open ? text.slice(0, -3) : text);
  if (!segments.every((segment) => segmentText.test(segment) && !segment.includes('**'))) return undefined;
  const matchers = segments.map(glob);
  if (!open && (segments.length < 8 || segments.length % 2 === 1)) return undefined;
  if (keywords.some(({ at, word }) => matchers[at]?.(word) === false)) return undefined;
  return (id) =>
    (open ? id.length >= matchers.length : id.length === matchers.length) &&
    matchers.every((matches, index) => matches(id[index] ?? ''));
}
