import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Invoke } from '../create-invoke.ts';
import { httpData } from './http-data.ts';
import type { FindRoute } from './http-routes.ts';
import { readBody } from './read-body.ts';
import { writeAnswer, writeStatus } from './write-answer.ts';

export interface HttpLimits {
  /** Azure's front end gives up on an answer after 230 s; the function runs on. */
  readonly answerWithinMs: number;
  /** The Functions host takes no more than 100 MB. */
  readonly maxBodyBytes: number;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

const DRAIN_MS = 5_000;

/** Answers a request with the function that matched it; rejects where the client is gone, or the answer is none. */
export async function runHttpFunction(
  { invoke, limits }: { readonly invoke: Invoke; readonly limits: HttpLimits },
  { hosted, parameters }: NonNullable<ReturnType<FindRoute>>,
  { request, response, url }: Exchange,
): Promise<void> {
  const body = await readBody(request, limits.maxBodyBytes);
  if (!body) {
    refuseBody(request, response);
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

// The client can read the answer only when it has stopped writing, so the rest is read and dropped for a while.
function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  writeStatus(response, 413);
  request.resume();
  const patience = setTimeout(() => request.destroy(), DRAIN_MS);
  request.once('close', () => {
    clearTimeout(patience);
  });
}
