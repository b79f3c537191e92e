import type { HttpHandler } from '@azure/functions';
import { z } from 'zod';
import type { AccessDeps } from '../../audit/record-access.ts';
import { makeCheckpoint as makeNow } from '../../audit/seal/make-checkpoint.ts';
import type { SealDeps } from '../../audit/seal/seal.ts';
import { type HandlerDeps, httpHandler } from '../handler.ts';

/** `POST /api/audit/checkpoints`: covers all that was written before the call now, instead of within five minutes. */
export function makeCheckpoint(deps: HandlerDeps & AccessDeps & SealDeps): HttpHandler {
  return httpHandler(
    deps,
    { roles: ['Audit.Read'], query: z.strictObject({}) },
    async ({ caller, origin, request, log }) => {
      const { pathname: resource } = new URL(request.url);
      const { events, pending, warnings } = await makeNow(deps, { caller, origin, resource });
      for (const cause of warnings) log.error('Something in storage is not as the proxy wrote it.', { cause });
      return { status: 200, jsonBody: { events, pending } };
    },
  );
}
