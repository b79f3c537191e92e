import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { acceptChat, type AcceptDeps, type Received } from '../../chat/accept.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { describe, logOf } from '../../log/log.ts';
import { isSigned } from '../../slack/is-signed.ts';
import { readCommand } from '../../slack/read-command.ts';
import { readEvent } from '../../slack/read-event.ts';
import { readInteraction } from '../../slack/read-interaction.ts';
import type { SlackSettings } from '../../slack/slack-settings.ts';
import { sourceAddressOf } from '../source-address.ts';

export type SlackRouteDeps = Omit<AcceptDeps, 'warn'> & {
  readonly newId: () => string;
  /** Absent: Slack is not set up here. */
  readonly slack?: SlackSettings | undefined;
};

/** A click carries the message that it is in. */
const MOST_BYTES = 256 * 1024;

/** What a body is: its answer, at once, and the request that it brings. `undefined`: it is none of this workspace. */
type Read = { readonly answer: HttpResponseInit; readonly request?: Omit<Received, 'origin'> } | undefined;

const headers = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
const plain = (status: number): HttpResponseInit => ({ status, headers });
const json = (body: object): HttpResponseInit => ({
  ...{ status: 200, body: JSON.stringify(body) },
  headers: { ...headers, 'content-type': 'application/json' },
});

/**
 * A route of Slack's: who sends is proven by the signature over the bytes as they came, before anything of them is
 * believed. What they ask is kept, and answered by the worker, because Slack waits for three seconds only.
 */
function slackRoute(
  deps: SlackRouteDeps,
  read: (settings: SlackSettings, body: Uint8Array) => Read,
  isUnsigned: (body: Uint8Array) => boolean = () => false,
): HttpHandler {
  return async (request, context) => {
    const { slack } = deps;
    if (!slack) return plain(404);
    const body = new Uint8Array(await request.arrayBuffer());
    if (isUnsigned(body)) return json({});
    const isTheirs = isFromSlack(deps, slack, request, body);
    const found = isTheirs ? read(slack, body) : undefined;
    if (!found) {
      // Whoever sets Slack up finds here which setting is not right.
      logOf(context).info('chat request refused', { status: 401, cause: isTheirs ? FOREIGN : UNSIGNED });
      return plain(401);
    }
    if (!found.request) return found.answer;
    return (await isKept(deps, request, context, found.request)) ? found.answer : plain(503);
  };
}

const UNSIGNED = 'Its signature does not fit SLACK_SIGNING_SECRET, its time is more than 300 s off, or it is too long.';
const FOREIGN = 'Its signature fits, but it is not of the workspace SLACK_TEAM_ID, or its form is not Slack’s.';

const isFromSlack = (deps: SlackRouteDeps, slack: SlackSettings, request: HttpRequest, body: Uint8Array): boolean =>
  body.byteLength <= MOST_BYTES &&
  isSigned(slack.signingSecrets, deps.now(), {
    timestamp: request.headers.get('x-slack-request-timestamp'),
    signature: request.headers.get('x-slack-signature'),
    body,
  });

async function isKept(
  deps: SlackRouteDeps,
  request: HttpRequest,
  context: InvocationContext,
  received: Omit<Received, 'origin'>,
): Promise<boolean> {
  const requestId = deps.newId();
  const log = logOf(context, { requestId });
  const warn = (message: string, error: unknown): void => {
    log.warn(message, { cause: describe(error) });
  };
  try {
    await acceptChat(
      { ...deps, warn },
      { ...received, origin: { sourceAddress: sourceAddressOf(request), requestId } },
    );
    return true;
  } catch (error) {
    warn('A chat request could not be kept.', error);
    return false;
  }
}

/** `POST /api/chat/slack/commands` */
export const slackCommands = (deps: SlackRouteDeps): HttpHandler =>
  slackRoute(
    deps,
    (slack, body) => {
      const request = readCommand(slack, formOf(body));
      const text = 'Received: the answer comes here.';
      return request && { request, answer: json({ response_type: 'ephemeral', text }) };
    },
    isSslCheck,
  );

/** `POST /api/chat/slack/interactions` */
export const slackInteractions = (deps: SlackRouteDeps): HttpHandler =>
  slackRoute(deps, (slack, body) => {
    const read = readInteraction(slack, formOf(body));
    if (read.kind === 'foreign') return undefined;
    return { answer: plain(200), ...(read.kind === 'request' && { request: read.request }) };
  });

/** `POST /api/chat/slack/events` */
export const slackEvents = (deps: SlackRouteDeps): HttpHandler =>
  slackRoute(deps, (slack, body) => {
    const read = readEvent(slack, jsonOf(textOf(body)));
    if (read.kind === 'foreign') return undefined;
    if (read.kind === 'challenge') return { answer: json({ challenge: read.challenge }) };
    return { answer: json({}), ...(read.kind === 'request' && { request: read.request }) };
  });

const textOf = (body: Uint8Array): string => new TextDecoder().decode(body);
const formOf = (body: Uint8Array): URLSearchParams => new URLSearchParams(textOf(body));

/** Slack looks now and then whether the certificate holds, and signs nothing then; nothing is asked by it. */
function isSslCheck(body: Uint8Array): boolean {
  if (body.byteLength > 1000) return false;
  const form = formOf(body);
  return form.get('ssl_check') === '1' && !form.has('command') && !form.has('payload');
}
