import type { HttpHandler } from '@azure/functions';
import { me, type MeDeps } from '../../check/me.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { serviceOperations } from './operations.ts';

/** `GET /api/me` */
export function getMe(deps: HandlerDeps & MeDeps): HttpHandler {
  return httpHandler(deps, serviceOperations.getMe, async ({ actor }) => ({
    status: 200,
    jsonBody: await me(deps, actor),
  }));
}
