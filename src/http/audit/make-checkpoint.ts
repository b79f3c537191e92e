import type { HttpHandler } from '@azure/functions';
import type { AccessDeps } from '../../audit/record-access.ts';
import { makeCheckpoint as makeNow } from '../../audit/seal/make-checkpoint.ts';
import type { SealDeps } from '../../audit/seal/seal.ts';
import { type HandlerDeps, httpHandler } from '../handler.ts';
import { auditOperations } from './operations.ts';

/** `POST /api/audit/checkpoints` */
export function makeCheckpoint(deps: HandlerDeps & AccessDeps & SealDeps): HttpHandler {
  return httpHandler(deps, auditOperations.makeCheckpoint, async ({ actor, request, log }) => {
    const { events, pending, warnings } = await makeNow(deps, actor, new URL(request.url).pathname);
    for (const cause of warnings) log.error('Something in storage is not as the proxy wrote it.', { cause });
    return { status: 200, jsonBody: { events, pending } };
  });
}
