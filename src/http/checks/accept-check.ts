import type { HttpResponseInit } from '@azure/functions';
import { awaitEnd, type WaitDeps } from '../../check/await-end.ts';
import { type ViewDeps, viewWithResult } from '../../check/read.ts';
import { type Check, hasEnded } from '../../check/state/check.ts';
import { viewOf } from '../../check/state/view-of.ts';
import type { Accepted } from '../../check/submit.ts';
import { type WarnAbout, warnAbout } from '../../log/warn-about.ts';
import { withContacts } from '../../policy/contact/with-contacts.ts';
import type { Call } from '../handler.ts';
import { preferenceApplied, preferredWaitSeconds } from '../prefer-wait.ts';
import { rateLimitHeaders } from '../rate-limit-headers.ts';
import { linksOf, retryAfter } from './check-answer.ts';

type Deps = WaitDeps & ViewDeps & { readonly publicUrl: string };

/** Has a check accepted, and answers it with its links, after the wait that the caller prefers. */
export async function acceptCheck(
  deps: Deps,
  call: Call<unknown>,
  accept: (warn: WarnAbout) => Promise<Accepted>,
): Promise<HttpResponseInit> {
  const warn = warnAbout(call.log);
  const { check: accepted, limits } = await accept(warn);
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
async function awaited(deps: Deps, accepted: Check, wait: number, warn: WarnAbout) {
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
    warn('The end of an accepted check could not be awaited.', error, { checkId: accepted.id });
    return asAccepted;
  }
}
