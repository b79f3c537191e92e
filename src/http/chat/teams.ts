import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { ConnectorTokenVerifier } from '../../caller/teams/verify-connector-token.ts';
import { acceptChat, type AcceptDeps, type Received } from '../../chat/accept.ts';
import type { AnswerRequestDeps } from '../../chat/answer/answer-request.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { Problem } from '../../contract/problem.ts';
import { isTooDeep } from '../../contract/text/is-too-deep.ts';
import { describe, type Log, logOf } from '../../log/log.ts';
import { logEnd } from '../../log/log-end.ts';
import { type Activity, activitySchema } from '../../teams/activity.ts';
import { cardActionIn, type CardAction } from '../../teams/card/card-action.ts';
import type { KeptCards } from '../../teams/ports/kept-cards.ts';
import { type ActionActivity, type MessageActivity, readActivity } from '../../teams/read-activity.ts';
import { receivedOf } from '../../teams/received-of.ts';
import { see, seeCheck, type SeeDeps, type Seeing } from '../../teams/see.ts';
import { sourceAddressOf } from '../source-address.ts';
import type { InvokeAnswer } from './teams-operations.ts';

const cardSchema = z.looseObject({});

/** What is there once Teams is set up. */
export interface TeamsRoute {
  readonly verify: ConnectorTokenVerifier;
  readonly serviceHosts: readonly string[];
  readonly door: AnswerRequestDeps['door'];
  readonly keptCards: Pick<KeptCards, 'find'>;
}

export type TeamsRouteDeps = Omit<AcceptDeps, 'warn'> &
  Omit<AnswerRequestDeps, 'door' | 'warn' | 'onEnded'> & {
    readonly newId: () => string;
    /** The only one whose activities are taken. */
    readonly tenantId: string;
    /** Absent: Teams is not set up here. */
    readonly teams?: TeamsRoute | undefined;
  };

/** A message has at most some 100 KB. */
const MOST_BYTES = 256 * 1024;

const headers = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
const plain = (status: number): HttpResponseInit => ({ status, headers });
const json = (body: object): HttpResponseInit => ({
  ...{ status: 200, body: JSON.stringify(body) },
  headers: { ...headers, 'content-type': 'application/json' },
});
const taken = json({});
const answered = (answer: InvokeAnswer): HttpResponseInit => json(answer);

/**
 * `POST /api/chat/teams/messages`: what the Bot Connector signs for this bot and this tenant is believed, and nothing else.
 * What changes something is kept, and answered by the worker; what Teams wants to show at once is read at once.
 */
export function receiveTeamsActivity(deps: TeamsRouteDeps): HttpHandler {
  return async (request, context) => {
    const { teams } = deps;
    if (!teams) return plain(404);
    const requestId = deps.newId();
    const log = logOf(context, { requestId });
    const activity = await verifiedActivity(teams, request, log);
    const read = activity && readActivity(activity, { ...teams, tenantId: deps.tenantId });
    if (!read) {
      log.info('chat request refused', { status: 401 });
      return plain(401);
    }
    if (read.kind === 'other') return taken;
    const call: TeamsCall = { deps, teams, log, origin: { sourceAddress: sourceAddressOf(request), requestId } };
    try {
      return read.kind === 'message' ? await take(call, read) : await click(call, read);
    } catch (error) {
      log.warn('A chat request could not be taken.', { cause: describe(error) });
      if (!(error instanceof Problem)) throw error;
      return plain(503);
    }
  };
}

interface TeamsCall {
  readonly deps: TeamsRouteDeps;
  readonly teams: TeamsRoute;
  readonly log: Log;
  readonly origin: Received['origin'];
}

/** The body is read as text once; nothing of it is believed before its token is verified for it. */
async function verifiedActivity({ verify }: TeamsRoute, request: HttpRequest, log: Log): Promise<Activity | undefined> {
  const text = await request.text();
  if (Buffer.byteLength(text) > MOST_BYTES || isTooDeep(text)) return undefined;
  const activity = activitySchema.safeParse(jsonOf(text)).data;
  if (!activity) return undefined;
  try {
    await verify(request.headers.get('authorization') ?? undefined, activity);
    return activity;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Whoever sets the bot up finds here what is not right with its tokens.
    log.warn('An activity is not verified.', { code: error.code, cause: describe(error) });
    return undefined;
  }
}

async function take(call: TeamsCall, activity: MessageActivity): Promise<HttpResponseInit> {
  await keep(call, receivedOf(call.deps.tenantId, activity, { kind: 'line', text: activity.text }));
  return taken;
}

const keep = ({ deps, log, origin }: TeamsCall, received: Omit<Received, 'origin'>): Promise<void> => {
  const warn: AcceptDeps['warn'] = (message, error) => {
    log.warn(message, { cause: describe(error) });
  };
  return acceptChat({ ...deps, warn }, { ...received, origin });
};

async function click(call: TeamsCall, activity: ActionActivity): Promise<HttpResponseInit> {
  const action = cardActionIn(activity.value);
  if (!action) return answered(failed(400, 'BadRequest', 'This button is none of this app: ask again.'));
  if (action.verb === 'see' || action.verb === 'path') return answered(await readNow(call, activity, action));
  const { verb, check } = action;
  const asked = { kind: 'click', action: verb, checkId: check } as const;
  await keep(call, receivedOf(call.deps.tenantId, activity, asked));
  return answered(said(acknowledged[verb]));
}

const failed = (statusCode: number, code: string, message: string): InvokeAnswer => ({
  ...{ statusCode, type: 'application/vnd.microsoft.error', value: { code, message } },
});

const said = (value: string): InvokeAnswer => ({
  ...{ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value },
});

type Reading = Extract<CardAction, { verb: 'see' | 'path' }>;
type Acting = Exclude<CardAction, Reading>['verb'];

const acknowledged: Readonly<Record<Acting, string>> = {
  again: 'It is asked again, if you may read it: the answer is a new message.',
  // Whose check it is, and what policy says now, is asked after this.
  cancel: 'It is ended in a moment, if it is your check.',
  'share-here': 'It is shown here in a moment, if it is your check and may be shown.',
};

/** Nothing is changed by it, so that a repeat does no harm. */
async function readNow(call: TeamsCall, activity: ActionActivity, action: Reading): Promise<InvokeAnswer> {
  const { deps, teams, log, origin } = call;
  const warn: SeeDeps['warn'] = (message, error) => {
    log.warn(message, { cause: describe(error) });
  };
  const { account, room, place } = receivedOf(deps.tenantId, activity, { kind: 'linked' });
  const receivedAt = deps.now().toISOString();
  const seeing: Seeing = { id: deps.newId(), account, place, origin, receivedAt, ...(room && { room }) };
  const seeDeps: SeeDeps = { ...deps, ...teams, warn, onEnded: logEnd(log) };
  const card =
    action.verb === 'see'
      ? see(seeDeps, seeing, action.request)
      : seeCheck(seeDeps, seeing, { id: action.check, isWhole: true });
  return { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: cardSchema.parse(await card) };
}
