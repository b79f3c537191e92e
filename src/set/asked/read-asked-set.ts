import type { Actor } from '../../contract/actor.ts';
import { type FieldError, Problem } from '../../contract/problem.ts';
import { type CheckRequest, readCheckRequest } from '../../contract/request/check-request.ts';
import { checksIn, checksOf, readProduct, readSetRequest } from '../../contract/request/set/set-request.ts';
import { findNamedTarget } from '../../policy/find-named-target.ts';
import { findSet } from '../../policy/sets/policy-set.ts';
import type { NamesDeps } from '../../sources/machines-named.ts';
import type { AskedSet } from '../create.ts';
import type { TurnDeps } from '../give-turns.ts';
import { noSuchSet } from '../read.ts';
import { findMachines } from './find-machines.ts';

export type ReadAskedSetDeps = NamesDeps & Pick<TurnDeps, 'policy' | 'pause' | 'sets' | 'idSecret'>;

type Read = Pick<AskedSet, 'members' | 'name' | 'callback'>;

interface Asked extends Pick<AskedSet, 'name' | 'callback'> {
  readonly requests: readonly CheckRequest[];
}

interface Given {
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
}

/** What a body asks for. Throws `InvalidRequest`, which names every fault, `NotFound` and `Paused`. */
export async function readAskedSet(deps: ReadAskedSetDeps, actor: Actor, given: Given): Promise<Read> {
  const { requests, ...asked } = await readAsked(deps, actor, given);
  return { members: requests.map((one) => ({ asked: one })), ...asked };
}

async function readAsked(deps: ReadAskedSetDeps, actor: Actor, { body, idempotencyKey }: Given): Promise<Asked> {
  const { policy } = deps;
  const machinesIn = await findMachines(deps, actor, { checks: checksIn(body), of: 'actor', idempotencyKey });
  const find = (name: string) => findNamedTarget(policy, actor.caller, name);
  const asked = readSetRequest(body, (one) => readCheckRequest(one, find, machinesIn(one)));
  if (!asked.ok) throw faulty(asked.errors);
  return 'requests' in asked ? asked : readNamed(deps, actor, { ...asked, idempotencyKey });
}

async function readNamed(
  deps: ReadAskedSetDeps,
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
