import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { requireRole } from '../caller/require-role.ts';
import type { Check } from '../check/state/check.ts';
import { fieldErrorsOf } from '../contract/field-errors.ts';
import { Problem } from '../contract/problem.ts';
import type { Caller, Role, Via } from '../contract/requester.ts';
import { checkIdSchema } from './checks/check-id.ts';
import { describe, logOf, type Log } from '../log/log.ts';
import { problemAnswer, toProblem } from './problem-answer.ts';
import { sourceAddressOf } from './source-address.ts';

export interface HandlerDeps {
  readonly verifyToken: (authorization: string | undefined, via: Via) => Promise<Caller>;
  readonly newId: () => string;
}

/** One verified request. */
export interface Call<Q> {
  readonly caller: Caller;
  readonly origin: Check['origin'];
  readonly query: Q;
  readonly request: HttpRequest;
  readonly log: Log;
}

interface Needs<Q> {
  /** One of these roles. */
  readonly roles: readonly Role[];
  /** Every query parameter that is known; others are refused. */
  readonly query: z.ZodType<Q>;
}

/** Query of an endpoint that takes none. */
export const noQuery = z.strictObject({});

/** An HTTP function: who calls is verified first, and every outcome is answered in the documented shape. */
export function httpHandler<Q>(
  deps: HandlerDeps,
  needs: Needs<Q>,
  handle: (call: Call<Q>) => Promise<HttpResponseInit>,
): HttpHandler {
  return async (request, context) => {
    const requestId = deps.newId();
    // The caller's trace goes on; else the check's is the one that the host began for this request.
    const traceparent =
      traceparentOf(request.headers.get('traceparent')) ?? traceparentOf(context.traceContext?.traceParent);
    const checkId = checkIdSchema.safeParse(request.params['id']).data;
    const about = { requestId, ...(checkId && { checkId }), ...(traceparent && { traceparent }) };
    const log = logOf(context, about);
    let requesterId: string | undefined;
    try {
      const caller = await deps.verifyToken(request.headers.get('authorization') ?? undefined, 'http');
      requesterId = caller.requester.id;
      requireRole(caller, ...needs.roles);
      const query = parseQuery(needs.query, request.query);
      const origin = { sourceAddress: sourceAddressOf(request), requestId, traceparent };
      return withIds(request, requestId, await handle({ caller, origin, query, request, log }));
    } catch (error) {
      const problem = toProblem(error);
      const answer = problemAnswer(problem);
      if (problem.cause === undefined)
        log.info('request refused', { status: answer.status, code: problem.code, requesterId });
      else log.error(problem.message, { code: problem.code, cause: describe(problem.cause) });
      return withIds(request, requestId, answer);
    }
  };
}

function parseQuery<Q>(schema: z.ZodType<Q>, query: URLSearchParams): Q {
  const parsed = schema.safeParse(Object.fromEntries(query));
  if (parsed.success) return parsed.data;
  throw new Problem('InvalidRequest', 'The query is not usable; details names each fault.', {
    details: fieldErrorsOf(parsed.error),
  });
}

function withIds(request: HttpRequest, requestId: string, answer: HttpResponseInit): HttpResponseInit {
  const clientRequestId = request.headers.get('x-ms-client-request-id');
  return {
    ...answer,
    headers: {
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      ...Object.fromEntries(new Headers(answer.headers)),
      'x-ms-request-id': requestId,
      ...(clientRequestId !== null && /^[\x21-\x7e]{1,128}$/.test(clientRequestId)
        ? { 'x-ms-client-request-id': clientRequestId }
        : {}),
    },
  };
}

/** W3C trace context, version 00: anything else is no trace. */
function traceparentOf(given: string | null | undefined): string | undefined {
  const isTrace = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
  return typeof given === 'string' && isTrace.test(given) ? given : undefined;
}
