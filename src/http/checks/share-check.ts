import type { HttpHandler } from '@azure/functions';
import { shownTo, type ViewDeps } from '../../check/read.ts';
import { share, type ShareDeps, unshare } from '../../check/share/share.ts';
import { sharedWithOf } from '../../check/share/shared-with-of.ts';
import type { FindIdDeps } from '../../check/sight/find-id.ts';
import { viewOf } from '../../check/state/view-of.ts';
import { withContacts } from '../../policy/contact/with-contacts.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { checkIdOf } from './check-id.ts';
import { checkOperations } from './operations.ts';
import { parseBody } from './parse-body.ts';

type ShareCheckDeps = HandlerDeps & FindIdDeps & ShareDeps & Pick<ViewDeps, 'policy'>;

/** `POST /api/checks/{id}/share` */
export function shareCheck(deps: ShareCheckDeps): HttpHandler {
  return httpHandler(deps, checkOperations.shareCheck, async (call) => {
    const { to, until } = parseBody(checkOperations.shareCheck.body, call.body ?? {});
    const sharedWith = sharedWithOf(deps.now(), { to: to ?? undefined, until: until ?? undefined });
    const check = await share(deps, call.actor, await checkIdOf(deps, call), { sharedWith });
    return { status: 200, jsonBody: withContacts(deps.policy, viewOf(check)) };
  });
}

/** `DELETE /api/checks/{id}/share` */
export function unshareCheck(deps: ShareCheckDeps): HttpHandler {
  return httpHandler(deps, checkOperations.unshareCheck, async (call) => {
    const { actor } = call;
    const check = await unshare(deps, actor, await checkIdOf(deps, call));
    return { status: 200, jsonBody: withContacts(deps.policy, viewOf(shownTo(actor.caller, check))) };
  });
}
