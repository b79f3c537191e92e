import type { StorageQueueHandler } from '@azure/functions';
import { z } from 'zod';
import type { CheckStore } from '../check/ports/check-store.ts';
import type { EndDeps } from '../check/state/end-check.ts';
import { jsonOf } from '../contract/json-of.ts';
import { unlessGarbled } from '../contract/rows/not-as-written.ts';
import { type Log, logOf } from '../log/log.ts';
import { logEnd } from '../log/log-end.ts';
import { type CheckTrace, tracedStore } from '../log/traced-store.ts';

/** A message that names a check, and what whoever handles it works with. */
interface CheckMessage extends Pick<EndDeps, 'store' | 'onEnded'> {
  readonly checkId: string;
  /** Has the check's id in every line, and its trace once it is read. */
  readonly log: Log;
}

/** A message that names a set of checks. */
interface SetMessage {
  readonly setId: string;
  /** Has the set's id in every line. */
  readonly log: Log;
}

/** What is done with a message, by what it names. */
interface Handle {
  readonly check: (message: CheckMessage) => Promise<void>;
  readonly set: (message: SetMessage) => Promise<void>;
}

/** A queue function for messages that name a check or a set; of any other it tells the log `dropped`, and does nothing. */
export function onMessage(deps: { readonly store: CheckStore }, dropped: string, handle: Handle): StorageQueueHandler {
  return async (message, context) => {
    const named = namedIn(message);
    if (named === undefined) {
      logOf(context).warn(dropped, { messageId: context.triggerMetadata?.['id'] });
      return;
    }
    if ('setId' in named) {
      const log = logOf(context, named);
      await unlessItsRowIsGarbled(log, () => handle.set({ ...named, log }));
      return;
    }
    const { checkId } = named;
    const about: CheckTrace = { checkId };
    const log = logOf(context, about);
    const store = tracedStore(deps.store, about);
    await unlessItsRowIsGarbled(log, () => handle.check({ checkId, store, log, onEnded: logEnd(log) }));
  };
}

/** Trying again at once does not mend a row: the sweeper wakes what is open, ever more seldom. */
async function unlessItsRowIsGarbled(log: Log, work: () => Promise<void>): Promise<void> {
  const tellGarbled = (cause: string): void => {
    log.error(cause);
  };
  await unlessGarbled({ tellGarbled }, work);
}

const id = z.uuid().toLowerCase();
const messageSchema = z.union([z.strictObject({ checkId: id }), z.strictObject({ setId: id })]);

/** Nothing else in a message is believed. */
const namedIn = (message: unknown): z.infer<typeof messageSchema> | undefined =>
  messageSchema.safeParse(typeof message === 'string' ? jsonOf(message) : message).data;
