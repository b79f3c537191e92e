import type { Problem } from '../../contract/problem.ts';
import { statusOfCode } from '../status-of-code.ts';

/** A problem in a line: its code, what is wrong with each field, and what the operators are told where it is theirs. */
export function refusalText(problem: Problem, requestId: string): string {
  const { code, message, details = [], retryAfterSeconds } = problem;
  const faults = details.map((fault) =>
    fault.target === undefined ? fault.message : `${fault.target}: ${fault.message}`,
  );
  const isOurs = statusOfCode[code] >= 500 && code !== 'Paused';
  return [
    `${code}: ${faults.length > 0 ? faults.join(' ') : message}`,
    ...(retryAfterSeconds === undefined ? [] : [`Ask again in ${Math.max(1, Math.ceil(retryAfterSeconds))} s.`]),
    ...(isOurs ? [`The request's id is ${requestId}.`] : []),
  ].join(' ');
}
