import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Invoke } from '../create-invoke.ts';
import { httpData } from './http-data.ts';
import type { FindRoute } from './http-routes.ts';
import { readBody } from './read-body.ts';
import { writeAnswer, writeStatus } from './write-answer.ts';

export interface HttpLimits {
  /** Azure's front end gives up on an answer after 230 s; the function runs on. */
  readonly answerWithinMs: number;
  readonly maxBodyBytes: number;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

/** Answers a request with the function that matched it; rejects where the client is gone, or the answer is none. */
export async function answerByFunction(
  { invoke, limits }: { readonly invoke: Invoke; readonly limits: HttpLimits },
  { hosted, parameters }: NonNullable<ReturnType<FindRoute>>,
  { request, response, url }: Exchange,
): Promise<void> {
  const body = await readBody(request, limits.maxBodyBytes);
  if (!body) {
    // Many a client reads no answer before it has sent everything.
    request.resume();
    await once(request, 'end');
    writeStatus(response, 413);
    return;
  }
  const late = setTimeout(() => {
    writeStatus(response, 504);
  }, limits.answerWithinMs);
  response.once('close', () => {
    clearTimeout(late);
  });
  const outcome = await invoke(hosted, { http: httpData(request, url, parameters, body) }).then(
    (returned) => ({ returned }),
    // Invoke has logged it; the caller learns nothing of it, as in Azure.
    () => undefined,
  );
  if (response.writableEnded) return;
  if (outcome) writeAnswer(response, outcome.returned);
  else writeStatus(response, 500);
}
