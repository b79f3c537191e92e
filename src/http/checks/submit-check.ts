import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import type { WaitDeps } from '../../check/await-end.ts';
import { blankProbeHeaders } from '../../check/state/blank-probe-headers.ts';
import { dryRun, earlierCheck, refuseWhilePaused, submit, type SubmitDeps } from '../../check/submit.ts';
import { type CheckRequest, readCheckRequest } from '../../contract/request/check-request.ts';
import { Problem } from '../../contract/problem.ts';
import { machineNamesIn } from '../../contract/request/machine-names-in.ts';
import type { NamesDeps } from '../../sources/machines-named.ts';
import { resolveNames } from '../../sources/resolve-names.ts';
import { findNamedTarget } from '../../policy/find-named-target.ts';
import { acceptCheck } from './accept-check.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { checkOperations } from './operations.ts';
import { type Call, httpHandler, type HandlerDeps } from '../handler.ts';

type SubmitCheckDeps = HandlerDeps & WaitDeps & NamesDeps & Omit<SubmitDeps, 'warn'> & { readonly publicUrl: string };

/** `POST /api/checks` */
export function submitCheck(deps: SubmitCheckDeps): HttpHandler {
  return httpHandler(deps, checkOperations.submitCheck, async (call) => {
    const idempotencyKey = idempotencyKeyOf(call.request);
    const { actor, query } = call;
    const asked = await readAsked(deps, call, idempotencyKey);
    if (isDryRun(query)) return tryOut(deps, call, asked);
    return acceptCheck(deps, call, (warn) => submit({ ...deps, warn }, actor, { asked, idempotencyKey }));
  });
}

type AskedCall = Call<{ readonly dryRun?: 'true' | 'false' | undefined }>;

const isDryRun = ({ dryRun: given }: AskedCall['query']): boolean => given === 'true';

async function readAsked(deps: SubmitCheckDeps, call: AskedCall, key?: string): Promise<CheckRequest> {
  const { actor, body } = call;
  const machines = await findMachines(deps, call, key);
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

async function findMachines(deps: SubmitCheckDeps, { actor, body, query }: AskedCall, key: string | undefined) {
  const names = machineNamesIn(body);
  if (names.source === undefined && names.destination === undefined) return { errors: [] };
  // What a name stands for may not be found out while nothing is asked of Azure, and that is no fault of the request.
  if (!isDryRun(query)) refuseWhilePaused(deps);
  return resolveNames(deps, actor, names, key === undefined ? undefined : await earlierCheck(deps, actor, key));
}

async function tryOut(deps: SubmitCheckDeps, { actor }: Call<unknown>, asked: CheckRequest): Promise<HttpResponseInit> {
  const { networkWatcher, named } = asked;
  const request = blankProbeHeaders(asked.request);
  const { decision, source, warnings } = await dryRun(deps, actor, asked);
  // What a name stands for is for those who may test it.
  return {
    status: 200,
    jsonBody: {
      decision,
      networkWatcher,
      request: decision.allowed ? request : { ...request, ...named },
      source,
      warnings,
    },
  };
}
