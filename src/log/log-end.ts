import type { EndedCheck } from '../check/state/check.ts';
import type { Log } from './log.ts';

/** Tells the log that a check has ended, and how. Alerts and the workbook are made of this line. */
export const logEnd =
  (log: Log) =>
  (check: EndedCheck): void => {
    log.info('check ended', endOf(check));
    if (check.status === 'Failed' && check.error.code === 'NotAsAccepted')
      log.error('A check in storage is not what was accepted: somebody changed the table.', { checkId: check.id });
  };

function endOf(check: EndedCheck) {
  const { id, status, createdAt, startedAt, finishedAt, attempts, caller, origin } = check;
  const { requester } = caller;
  return {
    checkId: id,
    ...(origin.traceparent === undefined ? {} : { traceparent: origin.traceparent }),
    status,
    ...(check.status === 'Succeeded' ? { reachability: check.verdict.reachability } : {}),
    ...(check.status === 'Failed' ? { code: check.error.code } : {}),
    secondsWaited: secondsBetween(createdAt, startedAt ?? finishedAt),
    ...(startedAt === undefined ? {} : { secondsRun: secondsBetween(startedAt, finishedAt) }),
    attempts,
    ...{ requester: requester.id, requesterKind: requester.kind, via: requester.via },
  };
}

const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;
