import { type Check, type EndedCheck, hasEnded } from '../check/state/check.ts';
import type { CheckStore } from '../check/ports/check-store.ts';
import type { Log } from './log.ts';

/** What is known of the check that an invocation works on; its log has it in every line. */
export type CheckTrace = { checkId?: string; traceparent?: string };

/**
 * The store of one invocation. `about` learns the trace of the check that is read. The end of a check is told where it
 * is written, so that every way to end is told, and told once.
 */
export function loggedStore(store: CheckStore, log: Log, about: CheckTrace = {}): CheckStore {
  return {
    ...store,
    find: async (id) => {
      const found = await store.find(id);
      if (found?.check.origin.traceparent !== undefined) about.traceparent = found.check.origin.traceparent;
      return found;
    },
    replace: async (stored, next, answer) => {
      const written = await store.replace(stored, next, answer);
      // The write that ends a check carries its event; the one that closes it does not.
      if (written && hasEnded(next) && next.pendingEvent) log.info('check ended', endOf(next));
      return written;
    },
  };
}

/** What alerts and the workbook are made of. */
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

const secondsBetween = (from: Check['createdAt'], to: Check['createdAt']): number =>
  (new Date(to).getTime() - new Date(from).getTime()) / 1000;
