import { z } from 'zod';
import { jsonOf } from '../contract/json-of.ts';

const messageSchema = z.strictObject({ checkId: z.uuid() });

/** The check that a queue message names; nothing else in a message is believed. */
export function checkIdOfMessage(message: unknown): string | undefined {
  const parsed = messageSchema.safeParse(typeof message === 'string' ? jsonOf(message) : message);
  return parsed.success ? parsed.data.checkId.toLowerCase() : undefined;
}
