import type { HttpHandler } from '@azure/functions';
import { readAskedSet } from '../../set/asked/read-asked-set.ts';
import { createSet as create } from '../../set/create.ts';
import type { TurnDeps } from '../../set/give-turns.ts';
import type { AwaitSetDeps } from '../../set/read.ts';
import type { NamesDeps } from '../../sources/machines-named.ts';
import { idempotencyKeyOf } from '../checks/idempotency-key.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { acceptSet } from './accept-set.ts';
import { setOperations } from './operations.ts';

export type CreateSetDeps = HandlerDeps &
  AwaitSetDeps &
  NamesDeps &
  Omit<TurnDeps, 'warn'> & { readonly publicUrl: string };

/** `POST /api/sets` */
export function createSet(deps: CreateSetDeps): HttpHandler {
  return httpHandler(deps, setOperations.createSet, async (call) => {
    const idempotencyKey = idempotencyKeyOf(call.request);
    const { actor, body } = call;
    const asked = await readAskedSet(deps, actor, { body, idempotencyKey });
    return acceptSet(deps, call, (warn) => create({ ...deps, warn }, actor, { ...asked, idempotencyKey }));
  });
}
