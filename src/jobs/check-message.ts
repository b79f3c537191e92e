import type { StorageQueueHandler } from '@azure/functions';
import { z } from 'zod';
import type { CheckStore } from '../check/ports/check-store.ts';
import type { EndDeps } from '../check/state/end-check.ts';
import { jsonOf } from '../contract/json-of.ts';
import { type Log, logOf } from '../log/log.ts';
import { logEnd } from '../log/log-end.ts';
import { type CheckTrace, tracedStore } from '../log/traced-store.ts';

/** A message that names a check, and what whoever handles it works with. */
interface CheckMessage extends Pick<EndDeps, 'store' | 'onEnded'> {
  readonly checkId: string;
  /** Has the check's id in every line, and its trace once it is read. */
  readonly log: Log;
}

/** A queue function for messages that name checks; of any other it tells the log `dropped`, and does nothing. */
export function onCheckMessage(
  deps: { readonly store: CheckStore },
  dropped: string,
  handle: (message: CheckMessage) => Promise<void>,
): StorageQueueHandler {
  return async (message, context) => {
    const checkId = checkIdOf(message);
    if (checkId === undefined) {
      logOf(context).warn(dropped, { messageId: context.triggerMetadata?.['id'] });
      return;
    }
    const about: CheckTrace = { checkId };
    const log = logOf(context, about);
    await handle({ checkId, store: tracedStore(deps.store, about), log, onEnded: logEnd(log) });
  };
}

const messageSchema = z.strictObject({ checkId: z.uuid() });

/** Nothing else in a message is believed. */
function checkIdOf(message: unknown): string | undefined {
  const parsed = messageSchema.safeParse(typeof message === 'string' ? jsonOf(message) : message);
  return parsed.success ? parsed.data.checkId.toLowerCase() : undefined;
}
