import { z } from 'zod';

const messageSchema = z.strictObject({ checkId: z.uuid() });

/** The check that a queue message names; nothing else in a message is believed. */
export function checkIdOfMessage(message: unknown): string | undefined {
  const parsed = messageSchema.safeParse(typeof message === 'string' ? parseJson(message) : message);
  return parsed.success ? parsed.data.checkId.toLowerCase() : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
