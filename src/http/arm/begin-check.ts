import type { HttpHandler } from '@azure/functions';
import { awaitEnd, type WaitDeps } from '../../check/await-end.ts';
import { type Result, resultOf } from '../../check/result.ts';
import { type Check, hasEnded } from '../../check/state/check.ts';
import { submit } from '../../check/submit.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { Problem } from '../../contract/problem.ts';
import type { CheckRequest } from '../../contract/request/check-request.ts';
import { isObject } from '../../contract/request/schema-form.ts';
import { type WarnAbout, warnAbout } from '../../log/warn-about.ts';
import { idempotencyKeyOf } from '../checks/idempotency-key.ts';
import { readAsked, type ReadAskedDeps } from '../../check/asked/read-asked.ts';
import { type Call, httpHandler, type HandlerDeps } from '../handler.ts';
import { preferenceApplied, preferredWaitSeconds } from '../prefer-wait.ts';
import { rateLimitHeaders } from '../rate-limit-headers.ts';
import { ended, running } from './operation-answer.ts';
import { armOperations } from './operations.ts';

type BeginCheckDeps = HandlerDeps & WaitDeps & ReadAskedDeps & { readonly publicUrl: string };

/** `POST …/networkWatchers/{watcher}/connectivityCheck`: a submit, answered as ARM answers. */
export function beginCheck(deps: BeginCheckDeps): HttpHandler {
  return httpHandler(deps, armOperations.beginConnectivityCheck, async (call) => {
    const { actor, request, log } = call;
    const idempotencyKey = idempotencyKeyOf(request);
    const asked = await readAsked(deps, { actor, body: withWatcher(call), idempotencyKey });
    const warn = warnAbout(log);
    const submission = { asked, idempotencyKey, repeat: repeatOf(call, asked) };
    const { check, limits } = await submit({ ...deps, warn }, actor, submission);
    const wait = preferredWaitSeconds(request.headers.get('prefer'));
    const { come, held } = await awaited(deps, check, wait, warn);
    const answer =
      come.kind === 'open' ? running(come.check, { ...deps, now: deps.now(), url: request.url }) : ended(come);
    const told = { ...preferenceApplied(held ? wait : 0), ...rateLimitHeaders(limits) };
    return { ...answer, headers: { ...answer.headers, ...told } };
  });
}

/** The path names the network watcher, as a submit's body can. */
function withWatcher({ body, request: { params } }: Call<unknown>): unknown {
  if (!isObject(body)) return body;
  if (Object.entries(body).some(([name, value]) => name.toLowerCase() === 'networkwatcher' && value !== null))
    throw new Problem('InvalidRequest', 'The path names the network watcher: leave it out of the body.', {
      target: 'networkWatcher',
    });
  const { subscription = '', resourceGroup = '', watcher = '' } = params;
  const networkWatcher = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/networkWatchers/${watcher}`;
  return { ...body, networkWatcher };
}

/**
 * What is equal where a client sends a request again because it never saw the answer: the id that it gave the request,
 * the path and the body. The id alone is not enough, because Azure's CLI gives all requests of a command the same one.
 */
function repeatOf({ body, request }: Call<unknown>, asked: CheckRequest): string | undefined {
  const clientRequestId = request.headers.get('x-ms-client-request-id');
  if (!clientRequestId) return undefined;
  const { request: parameters, networkWatcher, reason, callback } = asked;
  return JSON.stringify([clientRequestId, body, canonicalJson({ parameters, networkWatcher, reason, callback })]);
}

/** What the check has come to after the wait. Whatever the wait meets, the check is accepted, and its requester is to find it. */
async function awaited(
  deps: BeginCheckDeps,
  accepted: Check,
  wait: number,
  warn: WarnAbout,
): Promise<{ readonly come: Result | { readonly kind: 'open'; readonly check: Check }; readonly held: boolean }> {
  const asAccepted = { come: { kind: 'open', check: accepted }, held: false } as const;
  if (wait === 0) return asAccepted;
  try {
    const { check, held } = await awaitEnd(deps, accepted.caller.requester.id, accepted, wait);
    return { come: hasEnded(check) ? await resultOf(deps, check) : { kind: 'open', check }, held };
  } catch (error) {
    warn('The end of an accepted check could not be awaited.', error, { checkId: accepted.id });
    return asAccepted;
  }
}
