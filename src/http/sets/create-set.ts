import type { HttpHandler } from '@azure/functions';
import { type AskedSet, createSet as create } from '../../set/create.ts';
import type { TurnDeps } from '../../set/give-turns.ts';
import { type AwaitSetDeps, noSuchSet } from '../../set/read.ts';
import { type CheckRequest, readCheckRequest } from '../../contract/request/check-request.ts';
import { checksIn, checksOf, readProduct, readSetRequest } from '../../contract/request/set/set-request.ts';
import { type FieldError, Problem } from '../../contract/problem.ts';
import type { Actor } from '../../contract/actor.ts';
import type { NamesDeps } from '../../sources/machines-named.ts';
import { findNamedTarget } from '../../policy/find-named-target.ts';
import { findSet } from '../../policy/sets/policy-set.ts';
import { idempotencyKeyOf } from '../checks/idempotency-key.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { acceptSet } from './accept-set.ts';
import { findMachines } from './find-machines.ts';
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
    const { requests, ...asked } = await readAsked(deps, actor, { body, idempotencyKey });
    const members = requests.map((one) => ({ asked: one }));
    return acceptSet(deps, call, (warn) => create({ ...deps, warn }, actor, { members, ...asked, idempotencyKey }));
  });
}

interface Asked extends Pick<AskedSet, 'name' | 'callback'> {
  readonly requests: readonly CheckRequest[];
}

interface Given {
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
}

async function readAsked(deps: CreateSetDeps, actor: Actor, { body, idempotencyKey }: Given): Promise<Asked> {
  const { policy } = deps;
  const machinesIn = await findMachines(deps, actor, { checks: checksIn(body), of: 'actor', idempotencyKey });
  const find = (name: string) => findNamedTarget(policy, actor.caller, name);
  const asked = readSetRequest(body, (one) => readCheckRequest(one, find, machinesIn(one)));
  if (!asked.ok) throw faulty(asked.errors);
  return 'requests' in asked ? asked : readNamed(deps, actor, { ...asked, idempotencyKey });
}

async function readNamed(
  deps: CreateSetDeps,
  actor: Actor,
  {
    name,
    reason,
    callback,
    idempotencyKey,
  }: Pick<AskedSet, 'callback' | 'idempotencyKey'> & { readonly name: string; readonly reason?: string | undefined },
): Promise<Asked> {
  const { policy } = deps;
  const set = findSet(policy, actor.caller, name);
  if (!set) throw noSuchSet();
  const machinesIn = await findMachines(deps, actor, { checks: checksOf(set), of: 'policy', idempotencyKey });
  // Endpoints and machines that are closed to the caller are read too: policy refuses them, and their count is told.
  const find = (endpoint: string) => policy.endpoints.get(endpoint);
  const read = readProduct(set, reason, (one) => readCheckRequest(one, find, machinesIn(one)));
  if (!read.ok) throw faulty(read.errors);
  return { requests: read.requests, name, callback };
}

function faulty(details: readonly FieldError[]): Problem {
  const count = details.length === 1 ? 'a fault' : `${details.length} faults`;
  return new Problem('InvalidRequest', `The request has ${count}; details names each and what to do.`, { details });
}
