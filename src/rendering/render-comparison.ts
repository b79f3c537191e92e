import type { Comparison } from '../contract/answer/comparison.ts';
import type { ReadOnly } from '../contract/answer/read-only.ts';
import { checkLink } from './render-check.ts';
import { endState, type State } from './state.ts';
import { momentInWords, visible } from './visible.ts';

export interface RenderedSide {
  readonly at: string;
  readonly state: State;
  readonly link?: string;
}

/** What is not as it was. */
export interface RenderedComparison {
  readonly title: string;
  readonly sentence: string;
  readonly check: RenderedSide;
  /** Absent where there is nothing to compare with. */
  readonly with?: RenderedSide;
  readonly changes: readonly string[];
}

/** `against` is what it was asked to be compared with. */
export function renderComparison(
  comparison: ReadOnly<Comparison>,
  origin: string,
  against: string | { readonly id: string },
): RenderedComparison {
  const { check, changes } = comparison;
  return {
    title: visible(`What changed before ${check.id.slice(0, 8)}`),
    sentence: sentenceOf(comparison, against),
    check: sideOf(check, origin),
    ...(comparison.with && { with: sideOf(comparison.with, origin) }),
    changes: changes.map(({ sentence }) => visible(sentence)),
  };
}

function sentenceOf({ with: other, changes }: ReadOnly<Comparison>, against: string | { readonly id: string }): string {
  if (!other)
    return against === 'lastGood'
      ? 'There is nothing to compare with: no earlier check of the same question found it working.'
      : 'There is nothing to compare with: no earlier check of the same question came to a result.';
  const since = `since the check of ${momentInWords(other.at)}`;
  if (changes.length === 0) return `Nothing has changed ${since}.`;
  return changes.length === 1 ? `One thing has changed ${since}.` : `${changes.length} things have changed ${since}.`;
}

export const sideOf = (side: ReadOnly<NonNullable<Comparison['with']>>, origin: string): RenderedSide => ({
  at: momentInWords(side.at),
  state: endState(side),
  ...(side.id === undefined ? {} : { link: checkLink(side.id, origin) }),
});
