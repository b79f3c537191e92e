import { z } from 'zod';
import type { ManualListener } from './listener.ts';
import { readBody } from './http/read-body.ts';
import type { Exchange } from './http/run-http-function.ts';
import { writeStatus } from './http/write-answer.ts';

const bodySchema = z.object({ input: z.string().default('') });
const MAX_INPUT_BYTES = 1_000_000;

/**
 * `POST /admin/functions/{name}` with `{"input": "…"}` or nothing: runs a function that HTTP does not trigger, and is
 * answered with 202 at once. The promise ends with the run.
 */
export async function runByHand(
  listeners: readonly ManualListener[],
  { request, response, url }: Exchange,
): Promise<void> {
  const name = /^\/admin\/functions\/([\w-]+)$/i.exec(url.pathname)?.[1]?.toLowerCase();
  const listener = listeners.find((candidate) => candidate.name.toLowerCase() === name);
  if (request.method !== 'POST' || !listener) {
    writeStatus(response, 404);
    return;
  }
  const body = bodySchema.safeParse(parseJson((await readBody(request, MAX_INPUT_BYTES))?.toString() ?? 'too long'));
  if (!body.success) {
    writeStatus(response, 400);
    return;
  }
  writeStatus(response, 202);
  await listener.runByHand(body.data.input).catch(() => {
    // Invoke has logged it, and the answer has been given.
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text || '{}');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
