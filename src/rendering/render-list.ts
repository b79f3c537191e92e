import type { CheckView } from '../contract/check.ts';
import type { ReadOnly } from '../contract/answer/read-only.ts';
import { checkLink, titleOf } from './render-check.ts';
import { type State, stateOf } from './state.ts';
import { momentInWords, visible } from './visible.ts';

/** A check in a list. */
export interface RenderedRow {
  readonly id: string;
  readonly at: string;
  readonly title: string;
  readonly state: State;
  readonly sentence: string;
  readonly requester: string;
  readonly link: string;
}

export const renderRow = (check: ReadOnly<CheckView>, origin: string): RenderedRow => ({
  id: check.id,
  at: momentInWords(check.createdAt),
  title: titleOf(check.request),
  state: stateOf(check.status, check.verdict.reachability),
  sentence: visible(check.verdict.summary),
  requester: visible(check.requester.name),
  link: checkLink(check.id, origin),
});
