import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { Actor } from '../contract/actor.ts';
import type { Problem } from '../contract/problem.ts';
import { describe, type Log, logOf } from '../log/log.ts';
import { requireRole } from '../policy/require-role.ts';
import { checkIdSchema } from './checks/check-id.ts';
import type { Door } from './door.ts';
import type { Operation } from './operation.ts';
import { toProblem } from './problem-answer.ts';
import { readQuery } from './query/read-query.ts';
import { sourceAddressOf } from './source-address.ts';

export interface HandlerDeps {
  readonly door: Door;
  readonly newId: () => string;
}

/** One verified request. */
export interface Call<Query> {
  readonly actor: Actor;
  readonly query: Query;
  /** As the door reads it; `undefined` where the operation has none. */
  readonly body: unknown;
  readonly request: HttpRequest;
  readonly log: Log;
}

/**
 * An HTTP function: who calls is verified first, and every outcome is answered in the shape that the door has for it,
 * with the ids of the request. The answer is serialised here, because what cannot be is an outcome too.
 */
export function httpHandler<Query>(
  deps: HandlerDeps,
  operation: Pick<Operation<Query>, 'path' | 'roles' | 'query' | 'body' | 'mostBytes' | 'bodyIsOptional'>,
  handle: (call: Call<Query>) => Promise<HttpResponseInit>,
): HttpHandler {
  return async (request, context) => {
    const requestId = deps.newId();
    const traceparent = traceOf(request, context);
    const log = logOf(context, aboutOf(operation, request, requestId, traceparent));
    let requesterId: string | undefined;
    const refuse = (error: unknown): HttpResponseInit => {
      const problem = toProblem(error);
      const answer = written(request, requestId, deps.door.answerProblem(problem, requestId));
      tellRefusal(log, problem, answer.status, requesterId);
      return answer;
    };
    try {
      const caller = await deps.door.authenticate(request);
      requesterId = caller.requester.id;
      requireRole(caller, ...(operation.roles ?? []));
      const query = readQuery(operation.query, request.url);
      const takesBody = operation.body && !(operation.bodyIsOptional && hasNoBody(request));
      const body = takesBody ? await deps.door.readBody(request, operation.mostBytes) : undefined;
      const origin = { sourceAddress: sourceAddressOf(request), requestId, traceparent };
      return written(request, requestId, await handle({ actor: { caller, origin }, query, body, request, log }));
    } catch (error) {
      try {
        return refuse(error);
      } catch (unwritable) {
        // Azure's error, which goes into an answer as it came, can be nested too deep to be written.
        return refuse(unwritable);
      }
    }
  };
}

/** By its headers. A body of unknown length is one: whether it arrived is for the door to say. */
function hasNoBody({ headers }: HttpRequest): boolean {
  const length = headers.get('content-length');
  return length === '0' || (length === null && headers.get('content-type') === null);
}

/** The caller's trace goes on; else the check's is the one that the host began for this request. */
const traceOf = (request: HttpRequest, context: InvocationContext): string | undefined =>
  traceparentOf(request.headers.get('traceparent')) ?? traceparentOf(context.traceContext?.traceParent);

/** W3C trace context, version 00: anything else is no trace. */
function traceparentOf(given: string | null | undefined): string | undefined {
  const isTrace = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
  return typeof given === 'string' && isTrace.test(given) ? given : undefined;
}

function aboutOf({ path }: Pick<Operation, 'path'>, request: HttpRequest, requestId: string, traceparent?: string) {
  const id = checkIdSchema.safeParse(request.params['id']).data;
  const about = path.startsWith('api/sets/') ? { setId: id } : { checkId: id };
  return { requestId, ...(id && about), ...(traceparent && { traceparent }) };
}

/** Only what is not the caller's doing has a cause. */
export function tellRefusal(log: Log, { code, message, cause }: Problem, status?: number, requesterId?: string): void {
  if (cause === undefined) log.info('request refused', { status, code, requesterId });
  else log.error(message, { code, cause: describe(cause) });
}

function written(request: HttpRequest, requestId: string, { jsonBody, ...answer }: HttpResponseInit): HttpResponseInit {
  const clientRequestId = request.headers.get('x-ms-client-request-id');
  return {
    ...answer,
    ...(jsonBody === undefined ? {} : { body: JSON.stringify(jsonBody) }),
    headers: {
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      ...(jsonBody === undefined ? {} : { 'content-type': 'application/json' }),
      ...Object.fromEntries(new Headers(answer.headers)),
      'x-ms-request-id': requestId,
      ...(clientRequestId !== null && /^[\x21-\x7e]{1,128}$/.test(clientRequestId)
        ? { 'x-ms-client-request-id': clientRequestId }
        : {}),
    },
  };
}
