import type { StorageQueueHandler } from '@azure/functions';
import { z } from 'zod';
import { type ChatStepDeps, stepChat } from '../chat/step.ts';
import { jsonOf } from '../contract/json-of.ts';
import { describe, logOf } from '../log/log.ts';
import { logEnd } from '../log/log-end.ts';

const messageSchema = z.strictObject({ chatId: z.uuid().toLowerCase() });

/** Answers chats: one message, one step. Nothing is thrown, because the sweeper is behind every request. */
export function chat(deps: Omit<ChatStepDeps, 'warn' | 'onEnded'>): StorageQueueHandler {
  return async (message, context) => {
    const named = messageSchema.safeParse(typeof message === 'string' ? jsonOf(message) : message).data;
    if (!named) {
      logOf(context).warn('A message that names no chat request was dropped.', {
        messageId: context.triggerMetadata?.['id'],
      });
      return;
    }
    const log = logOf(context, named);
    const warn: ChatStepDeps['warn'] = (text, error, about) => {
      log.warn(text, { ...about, cause: describe(error) });
    };
    try {
      log.info('chat', { outcome: await stepChat({ ...deps, warn, onEnded: logEnd(log) }, named.chatId) });
    } catch (error) {
      log.warn('A chat request will be tried again.', { cause: describe(error) });
    }
  };
}
