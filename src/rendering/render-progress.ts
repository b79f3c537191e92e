import type { CheckView } from '../contract/check.ts';
import type { ReadOnly } from '../contract/answer/read-only.ts';
import { spanInWords } from './visible.ts';

const USUAL_SECONDS = 90;

/** How long a check that has not ended has been at it; `undefined` where that cannot be told, as by a clock that is wrong. */
export function renderProgress(
  { status, createdAt, startedAt }: ReadOnly<Pick<CheckView, 'status' | 'createdAt' | 'startedAt'>>,
  now: Date,
): string | undefined {
  const since = status === 'Running' ? (startedAt ?? createdAt) : createdAt;
  const span = spanInWords(since, now.toISOString());
  if (span === undefined || (status !== 'Running' && status !== 'NotStarted')) return undefined;
  if (status === 'NotStarted') return `It has been waiting for Azure for ${span}.`;
  const isLong = now.getTime() - Date.parse(since) > 1000 * USUAL_SECONDS;
  return `Azure has been probing for ${span}; usually it takes 60–90 s${isLong ? ', and longer where nothing answers' : ''}.`;
}
