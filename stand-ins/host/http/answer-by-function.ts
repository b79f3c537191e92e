import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Invoke } from '../create-invoke.ts';
import { httpData } from './http-data.ts';
import type { FindRoute } from './http-routes.ts';
import { readBody } from './read-body.ts';
import { writeAnswer, writeStatus } from './write-answer.ts';
import type { TypedData } from '../worker-protocol.ts';

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

/** What was asked and answered, for whoever looks on. */
export interface Answered {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly requestBody: string;
  readonly status: number;
  readonly body: string;
}

interface Deps {
  readonly invoke: Invoke;
  readonly limits: HttpLimits;
  readonly onAnswered: (answered: Answered) => void;
}

/** Answers a request with the function that matched it; rejects where the client is gone, or the answer is none. */
export async function answerByFunction(
  { invoke, limits, onAnswered }: Deps,
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
  onAnswered({
    method: request.method ?? '',
    url,
    authorization: request.headers.authorization,
    requestBody: body.toString(),
    status: response.statusCode,
    body: textOf(outcome?.returned?.http?.body),
  });
}

const textOf = (body: TypedData | null | undefined): string =>
  body?.string ?? (body?.bytes ? Buffer.from(body.bytes).toString() : '');
