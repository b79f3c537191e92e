import type { StatedVerdict } from '../../contract/verdict.ts';
import { flowOf, flowInWords } from '../../verdict/flow.ts';
import { couldNotTell } from '../../verdict/summary.ts';
import type { Check } from './check.ts';

/**
 * What can be said of a check in its state. Lists keep it, so it says times and not how long ago something was: a
 * sentence that is true when it is written has to be true when it is read.
 */
export function statedVerdict(check: Check): StatedVerdict {
  if (check.status === 'Succeeded') return check.verdict;
  const whether = flowInWords(flowOf(check.request));
  switch (check.status) {
    case 'NotStarted':
      return { summary: waiting(check, whether), reasons: [] };
    case 'Running':
      return { summary: running(check, whether), reasons: [] };
    case 'Canceled':
      return {
        summary: `The check whether ${whether} was canceled at ${inWords(check.finishedAt)}, so there is no result.`,
        reasons: [],
      };
    case 'Failed':
      return { summary: couldNotTell(whether, '', check.cause), reasons: [check.cause] };
  }
}

function waiting({ createdAt, lastError }: Extract<Check, { status: 'NotStarted' }>, whether: string): string {
  const accepted = `The check whether ${whether} was accepted at ${inWords(createdAt)} and waits for Azure to take it`;
  return lastError === undefined ? `${accepted}.` : `${accepted}; the last try ended so: ${closed(lastError)}`;
}

function running({ startedAt, lastError }: Extract<Check, { status: 'Running' }>, whether: string): string {
  const probing = `Azure accepted the check whether ${whether} at ${inWords(startedAt)} and is probing, which usually takes 60–90 s`;
  return lastError === undefined ? `${probing}.` : `${probing}; the last look at it ended so: ${closed(lastError)}`;
}

const closed = (sentence: string): string => sentence.replace(/\.?$/, '.');

/** `10:02:11 UTC on 2026-03-01` */
const inWords = (time: string): string => `${time.slice(11, 19)} UTC on ${time.slice(0, 10)}`;
