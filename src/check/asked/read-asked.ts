import { earlierCheck, refuseWhilePaused, type SubmitDeps } from '../submit.ts';
import type { Actor } from '../../contract/actor.ts';
import { Problem } from '../../contract/problem.ts';
import { type CheckRequest, readCheckRequest } from '../../contract/request/check-request.ts';
import { machineNamesIn } from '../../contract/request/machine-names-in.ts';
import { findNamedTarget } from '../../policy/find-named-target.ts';
import type { NamesDeps } from '../../sources/machines-named.ts';
import { resolveNames } from '../../sources/resolve-names.ts';

export type ReadAskedDeps = NamesDeps & Omit<SubmitDeps, 'warn'>;

interface Asking {
  readonly actor: Actor;
  readonly body: unknown;
  readonly isDryRun?: boolean;
  readonly idempotencyKey?: string | undefined;
}

/** What a body asks for. Throws `InvalidRequest`, which names every fault, and `Paused` where names would have to be looked up. */
export async function readAsked(deps: ReadAskedDeps, asking: Asking): Promise<CheckRequest> {
  const { actor, body } = asking;
  const machines = await findMachines(deps, asking);
  const asked = readCheckRequest(body, (name) => findNamedTarget(deps.policy, actor.caller, name), machines);
  if (asked.ok) return asked.value;
  const count = asked.errors.length;
  throw new Problem(
    'InvalidRequest',
    `The request has ${count === 1 ? 'a fault' : `${count} faults`}; details names each and what to do.`,
    {
      details: asked.errors,
    },
  );
}

async function findMachines(deps: ReadAskedDeps, { actor, body, isDryRun = false, idempotencyKey: key }: Asking) {
  const names = machineNamesIn(body);
  if (names.source === undefined && names.destination === undefined) return { errors: [] };
  // What a name stands for may not be found out while nothing is asked of Azure, and that is no fault of the request.
  if (!isDryRun) refuseWhilePaused(deps);
  const earlier = key === undefined ? undefined : await earlierCheck(deps, actor, key);
  return resolveNames(deps, actor, names, { earlier });
}
