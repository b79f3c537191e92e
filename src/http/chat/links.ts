import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { confirmLink, type ConfirmLinkDeps, previewLink } from '../../chat/link/confirm-link.ts';
import { listLinks, removeLink } from '../../chat/link/own-links.ts';
import type { Person } from '../../chat/link/may-link.ts';
import { viewOfLink } from '../../chat/link/view-of-link.ts';
import { Problem } from '../../contract/problem.ts';
import type { Caller } from '../../contract/requester.ts';
import { describe } from '../../log/log.ts';
import { parseBody } from '../checks/parse-body.ts';
import { type Call, httpHandler, type HandlerDeps } from '../handler.ts';
import type { Operation } from '../operation.ts';
import { chatOperations } from './operations.ts';

export type ChatLinkDeps = HandlerDeps &
  Omit<ConfirmLinkDeps, 'warn'> & {
    /** Names by which the person signs in whose token this is; `undefined` where it is no person's. */
    readonly signInNames: (authorization: string | undefined) => Promise<readonly string[] | undefined>;
  };

/** One of these calls: where no chat is set up there is nothing to link, to see or to end. */
const linkHandler = <Query>(
  deps: ChatLinkDeps,
  operation: Operation<Query>,
  handle: (call: Call<Query>) => Promise<HttpResponseInit>,
): HttpHandler =>
  httpHandler(deps, operation, (call) => {
    if (Object.keys(deps.doors).length === 0) throw new Problem('NotFound', 'Chat is not set up here.');
    return handle(call);
  });

/** `POST /api/chat/links/preview` */
export function previewChatLink(deps: ChatLinkDeps): HttpHandler {
  return linkHandler(deps, chatOperations.previewChatLink, async ({ actor, body, request, log }) => {
    const { code } = parseBody(chatOperations.previewChatLink.body, body);
    const person = await personOf(deps, actor.caller, request);
    return { status: 200, jsonBody: await previewLink({ ...deps, warn: warnBy(log) }, person, code) };
  });
}

/** `POST /api/chat/links` */
export function confirmChatLink(deps: ChatLinkDeps): HttpHandler {
  return linkHandler(deps, chatOperations.confirmChatLink, async ({ actor, body, request, log }) => {
    const { code } = parseBody(chatOperations.confirmChatLink.body, body);
    const person = await personOf(deps, actor.caller, request);
    const link = await confirmLink({ ...deps, warn: warnBy(log) }, actor, person, code);
    return { status: 201, jsonBody: viewOfLink(link) };
  });
}

/** `GET /api/chat/links` */
export function listChatLinks(deps: ChatLinkDeps): HttpHandler {
  return linkHandler(deps, chatOperations.listChatLinks, async ({ actor }) => {
    const links = await listLinks(deps, actor);
    return { status: 200, jsonBody: { value: links.map(viewOfLink) } };
  });
}

/** `DELETE /api/chat/links/{id}` */
export function removeChatLink(deps: ChatLinkDeps): HttpHandler {
  return linkHandler(deps, chatOperations.removeChatLink, async ({ actor, request }) => {
    const link = await removeLink(deps, actor, (request.params['id'] ?? '').toLowerCase());
    return { status: 200, jsonBody: viewOfLink(link) };
  });
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
