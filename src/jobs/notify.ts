import type { StorageQueueHandler } from '@azure/functions';
import { againSeconds } from '../check/state/schedule.ts';
import { jsonOf } from '../contract/json-of.ts';
import { isNotAsWritten } from '../contract/rows/not-as-written.ts';
import { Problem } from '../contract/problem.ts';
import { describe, logOf } from '../log/log.ts';
import { type CheckTrace, tracedStore } from '../log/traced-store.ts';
import { deliver, type DeliverDeps } from '../notify/deliver.ts';
import { checkAsSubject, type EndedCheckDeps } from '../notify/ended-check.ts';
import type { FindSubject } from '../notify/ports/subject.ts';
import { setAsSubject } from '../set/set-as-subject.ts';
import type { SettleDeps } from '../set/settle.ts';
import { noticeKeySchema } from '../notify/notice.ts';

export type NotifyDeps = Omit<DeliverDeps, 'findSubject'> & EndedCheckDeps & SettleDeps;

/**
 * Tells whoever must be told of an end: one message, one try. Nothing is thrown, because the sweeper is behind every
 * notice; the queue's own attempts are for crashes.
 */
export function notify(deps: NotifyDeps): StorageQueueHandler {
  return async (message, context) => {
    const key = noticeKeySchema.safeParse(typeof message === 'string' ? jsonOf(message) : message).data;
    if (!key) {
      logOf(context).warn('A message that names no notice was dropped.', {
        messageId: context.triggerMetadata?.['id'],
      });
      return;
    }
    const { kind, id } = key.about;
    const about: CheckTrace = kind === 'check' ? { checkId: id } : {};
    const log = logOf(context, kind === 'check' ? about : { setId: id });
    try {
      const findCheck = checkAsSubject({ ...deps, store: tracedStore(deps.store, about) });
      const findSubject: FindSubject = (subject) =>
        subject.kind === 'check' ? findCheck(subject) : setAsSubject(deps, subject.id);
      log.info('notice', { to: key.to, ...(await deliver({ ...deps, findSubject }, key)) });
    } catch (error) {
      if (isNotAsWritten(error)) {
        log.error(error.message);
        return;
      }
      log.warn('A notice will be tried again.', { cause: describe(error) });
      if (error instanceof Problem) await deps.noticeQueue.send(key, againSeconds(deps.random));
    }
  };
}
