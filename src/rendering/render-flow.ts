import type { FlowHistory } from '../contract/answer/comparison.ts';
import type { ReadOnly } from '../contract/answer/read-only.ts';
import { type RenderedSide, sideOf } from './render-comparison.ts';
import { momentInWords, visible } from './visible.ts';
import { nameOf, wayInWords } from './words.ts';

/** One of the newest checks of a flow. */
export interface RenderedFlowCheck extends RenderedSide {
  /** `TCP port 1433` */
  readonly way: string;
}

/** What checks of a flow came to, whoever asked. */
export interface RenderedFlow {
  readonly title: string;
  readonly sentence: string;
  /** Between the last success and the first failure after it. */
  readonly changes: readonly string[];
  readonly newest: readonly RenderedFlowCheck[];
}

export function renderFlow(flow: ReadOnly<FlowHistory>, origin: string): RenderedFlow {
  const { source, destination, changes, newest } = flow;
  const way = wayInWords(flow);
  return {
    title: `${nameOf(source)} → ${nameOf(destination)}${way === '' ? '' : `: ${way}`}`,
    sentence: sentenceOf(flow),
    changes: changes.map(({ sentence }) => visible(sentence)),
    newest: newest.map((check) => ({ ...sideOf(check, origin), way: wayInWords(check) })),
  };
}

function sentenceOf({ lastSuccess, firstFailure, newest }: ReadOnly<FlowHistory>): string {
  if (newest.length === 0) return 'Nobody has checked this yet.';
  const worked = lastSuccess && `It worked last at ${momentInWords(lastSuccess.at)}`;
  const failed = firstFailure && momentInWords(firstFailure.at);
  if (worked === undefined)
    return failed === undefined
      ? 'No check that is known here says whether it ever worked.'
      : `No check that is known here found it working; the first that failed was at ${failed}.`;
  return failed === undefined
    ? `${worked}, and has not failed since.`
    : `${worked}, and failed first after that at ${failed}.`;
}
