import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { confirmLink, type ConfirmLinkDeps, NO_PERSON, previewLink } from '../../chat/link/confirm-link.ts';
import { listLinks, removeLink } from '../../chat/link/own-links.ts';
import type { Person } from '../../chat/link/may-link.ts';
import { viewOfLink } from '../../chat/link/view-of-link.ts';
import { Problem } from '../../contract/problem.ts';
import type { Caller } from '../../contract/requester.ts';
import { describe } from '../../log/log.ts';
import { parseBody } from '../checks/parse-body.ts';
import { type Call, httpHandler, type HandlerDeps } from '../handler.ts';
import { chatOperations } from './operations.ts';

export type ChatLinkDeps = HandlerDeps &
  Omit<ConfirmLinkDeps, 'warn'> & {
    /** Names by which the person signs in whose token this is; `undefined` where it is no person's. */
    readonly signInNames: (authorization: string | undefined) => Promise<readonly string[] | undefined>;
  };

/** Where no chat is set up there is nothing to link, as if there were no such call. */
function whereSetUp({ doors }: ChatLinkDeps, handler: HttpHandler): HttpHandler {
  const headers = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
  const notSetUp = (): HttpResponseInit => ({ status: 404, headers });
  return Object.keys(doors).length > 0 ? handler : notSetUp;
}

/** `POST /api/chat/links/preview` */
export function previewChatLink(deps: ChatLinkDeps): HttpHandler {
  const handler = httpHandler(deps, chatOperations.previewChatLink, async ({ actor, body, request, log }) => {
    const { code } = parseBody(chatOperations.previewChatLink.body, body);
    if (!(await personOf(deps, actor.caller, request))) throw new Problem('PolicyRefused', NO_PERSON);
    return { status: 200, jsonBody: await previewLink({ ...deps, warn: warnBy(log) }, code) };
  });
  return whereSetUp(deps, handler);
}

/** `POST /api/chat/links` */
export function confirmChatLink(deps: ChatLinkDeps): HttpHandler {
  const handler = httpHandler(deps, chatOperations.confirmChatLink, async ({ actor, body, request, log }) => {
    const { code } = parseBody(chatOperations.confirmChatLink.body, body);
    const person = await personOf(deps, actor.caller, request);
    const link = await confirmLink({ ...deps, warn: warnBy(log) }, actor, person, code);
    return { status: 201, jsonBody: viewOfLink(link) };
  });
  return whereSetUp(deps, handler);
}

/** `GET /api/chat/links` */
export function listChatLinks(deps: ChatLinkDeps): HttpHandler {
  const handler = httpHandler(deps, chatOperations.listChatLinks, async ({ actor }) => {
    const links = await listLinks(deps, actor);
    return { status: 200, jsonBody: { value: links.map(viewOfLink) } };
  });
  return whereSetUp(deps, handler);
}

/** `DELETE /api/chat/links/{id}` */
export function removeChatLink(deps: ChatLinkDeps): HttpHandler {
  const handler = httpHandler(deps, chatOperations.removeChatLink, async ({ actor, request }) => {
    const link = await removeLink(deps, actor, (request.params['id'] ?? '').toLowerCase());
    return { status: 200, jsonBody: viewOfLink(link) };
  });
  return whereSetUp(deps, handler);
}

const warnBy =
  (log: Call<unknown>['log']): ConfirmLinkDeps['warn'] =>
  (message, error) => {
    log.warn(message, { cause: describe(error) });
  };

/** `undefined`: it is an application, which has no chat account. */
async function personOf(
  deps: ChatLinkDeps,
  { requester }: Caller,
  { headers }: HttpRequest,
): Promise<Person | undefined> {
  const signInNames = await deps.signInNames(headers.get('authorization') ?? undefined);
  const isPerson = requester.kind === 'user' && signInNames !== undefined;
  return isPerson ? { objectId: requester.objectId, signInNames } : undefined;
}
