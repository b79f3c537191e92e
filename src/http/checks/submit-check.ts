import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import { type Check, hasEnded } from '../../check/state/check.ts';
import { awaitEnd, type WaitDeps } from '../../check/await-end.ts';
import { blankProbeHeaders } from '../../check/state/blank-probe-headers.ts';
import { viewWithResult } from '../../check/read.ts';
import { dryRun, earlierCheck, refuseWhilePaused, submit, type SubmitDeps } from '../../check/submit.ts';
import { viewOf } from '../../check/state/view-of.ts';
import { type CheckRequest, readCheckRequest } from '../../contract/request/check-request.ts';
import { Problem } from '../../contract/problem.ts';
import { machineNamesIn } from '../../contract/request/machine-names-in.ts';
import { type NamesDeps, resolveNames } from '../../sources/resolve-names.ts';
import { withContacts } from '../../policy/contact/with-contacts.ts';
import { findNamedTarget } from '../../policy/find-named-target.ts';
import { linksOf, retryAfter } from './check-answer.ts';
import { checkOperations } from './operations.ts';
import { type Call, httpHandler, type HandlerDeps } from '../handler.ts';
import { preferenceApplied, preferredWaitSeconds } from '../prefer-wait.ts';
import { rateLimitHeaders } from '../rate-limit-headers.ts';

type SubmitCheckDeps = HandlerDeps & WaitDeps & NamesDeps & Omit<SubmitDeps, 'warn'> & { readonly publicUrl: string };

/** `POST /api/checks` */
export function submitCheck(deps: SubmitCheckDeps): HttpHandler {
  return httpHandler(deps, checkOperations.submitCheck, async (call) => {
    const idempotencyKey = idempotencyKeyOf(call.request.headers);
    const asked = await readAsked(deps, call, idempotencyKey);
    return isDryRun(call.query) ? tryOut(deps, call, asked) : accept(deps, call, asked, idempotencyKey);
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

async function accept(
  deps: SubmitCheckDeps,
  call: Call<unknown>,
  asked: CheckRequest,
  idempotencyKey: string | undefined,
): Promise<HttpResponseInit> {
  const { actor, log } = call;
  const warn = (message: string, error: unknown, checkId: string): void => {
    log.warn(message, { checkId, cause: String(error) });
  };
  const { check: accepted, limits } = await submit({ ...deps, warn }, actor, { asked, idempotencyKey });
  const wait = preferredWaitSeconds(call.request.headers.get('prefer'));
  const { check, body, held } = await awaited(deps, accepted, wait, warn);
  const links = linksOf(deps.publicUrl, check.id);
  return {
    status: hasEnded(check) && wait > 0 ? 200 : 202,
    headers: {
      'operation-location': links.check,
      location: links.result,
      ...retryAfter(check, deps.now()),
      ...preferenceApplied(held ? wait : 0),
      ...rateLimitHeaders(limits),
      'content-type': 'application/json',
    },
    body,
  };
}

/** The check as it is after the wait. Whatever the wait meets, the check is accepted, and its requester needs its id. */
async function awaited(deps: SubmitCheckDeps, accepted: Check, wait: number, warn: SubmitDeps['warn']) {
  const asAccepted = {
    check: accepted,
    held: false,
    body: JSON.stringify(withContacts(deps.policy, viewOf(accepted))),
  };
  if (wait === 0) return asAccepted;
  try {
    const { check, held } = await awaitEnd(deps, accepted.caller.requester.id, accepted, wait);
    // Written here, because Azure's result can be nested too deep to be.
    return { check, held, body: JSON.stringify(await viewWithResult(deps, check)) };
  } catch (error) {
    warn('The end of an accepted check could not be awaited.', error, accepted.id);
    return asAccepted;
  }
}

/** Either name of the header; both at once must agree. */
function idempotencyKeyOf(headers: Call<unknown>['request']['headers']): string | undefined {
  const given = ['idempotency-key', 'repeatability-request-id'].flatMap((name) => headers.get(name) ?? []);
  const [key] = given;
  if (key === undefined) return undefined;
  if (!given.every((one) => one === key) || !/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new Problem(
      'InvalidRequest',
      'Give one idempotency key of 1–255 printable ASCII characters, such as a UUID.',
      { target: 'Idempotency-Key' },
    );
  }
  return key;
}
