import type { StatedVerdict } from '../../contract/verdict.ts';
import { flowInWords, flowOf } from '../../verdict/words/flow.ts';
import { couldNotTell } from '../../verdict/summary.ts';
import type { Check, OpenCheck, RunningCheck, WaitingCheck } from './check.ts';

/** The operators have paused the proxy: what they say of it, and whom to ask. */
export interface Pause {
  readonly reason?: string | undefined;
  readonly contact?: string | undefined;
}

/** ` (the network is rebuilt until 14:00; contact: #netcheck)`; empty where nothing is said. */
export function pauseInBrackets({ reason, contact }: Pause): string {
  const said = [
    ...(reason === undefined ? [] : [withoutStop(reason)]),
    ...(contact === undefined ? [] : [`contact: ${withoutStop(contact)}`]),
  ];
  return said.length === 0 ? '' : ` (${said.join('; ')})`;
}

/**
 * What can be said of a check in its state. Lists keep it, so it says times and not how long ago something was: a
 * sentence that is true when it is written has to be true when it is read. A pause is not in the row, so only who reads
 * one check is told of it.
 */
export function statedVerdict(check: Check, pause?: Pause): StatedVerdict {
  if (check.status === 'Succeeded') return check.verdict;
  const whether = flowInWords(flowOf(check.request));
  if (check.status === 'Failed') return { summary: couldNotTell(whether, '', check.cause), reasons: [check.cause] };
  return { summary: `${said(check, whether)}${check.status === 'Canceled' ? '' : held(check, pause)}.`, reasons: [] };
}

function said(check: Exclude<Check, { status: 'Succeeded' | 'Failed' }>, whether: string): string {
  switch (check.status) {
    case 'NotStarted':
      return waiting(check, whether);
    case 'Running':
      return running(check, whether);
    case 'Canceled':
      return `The check whether ${whether} was canceled at ${inWords(check.finishedAt)}, so there is no result`;
  }
}

const waiting = ({ createdAt }: WaitingCheck, whether: string): string =>
  `The check whether ${whether} was accepted at ${inWords(createdAt)} and waits for Azure to take it`;

const running = ({ startedAt }: RunningCheck, whether: string): string =>
  `Azure accepted the check whether ${whether} at ${inWords(startedAt)} and is probing, which usually takes 60–90 s`;

/** What keeps an open check from going on. */
function held({ lastError }: OpenCheck, pause: Pause | undefined): string {
  if (pause !== undefined) {
    return `; the operators have paused this proxy${pauseInBrackets(pause)}, and the check goes on when they end the pause`;
  }
  return lastError === undefined ? '' : `; the last try to go on ended so: ${withoutStop(lastError)}`;
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

/** `10:02:11 UTC on 2026-03-01` */
const inWords = (time: string): string => `${time.slice(11, 19)} UTC on ${time.slice(0, 10)}`;
