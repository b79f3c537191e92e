import { undoPaste } from '../line/undo-paste.ts';
import { cutText } from '../contract/text/cut-text.ts';
import { secondsAfter } from '../contract/time.ts';
import { shortId } from '../rendering/visible.ts';
import type { Button, ChatMessage } from '../chat/message.ts';
import type { ChatDoor, Told } from '../chat/ports/chat-door.ts';
import type { ChatRequest, ClickAction, Room } from '../chat/request.ts';
import { cardAction } from './card/card-action.ts';
import type { Card } from './card/card.ts';
import { drawAsked } from './card/draw-asked.ts';
import { drawMessage } from './card/draw-message.ts';
import { type TeamsPlace, teamsPlaceSchema } from './place.ts';
import type { Connector, Member, Sent, TeamsMessage } from './ports/connector.ts';
import type { KeptCards } from './ports/kept-cards.ts';

export interface TeamsDoorDeps {
  readonly appId: string;
  /** Of the directory that signs people in; in lower case. */
  readonly tenantId: string;
  readonly connector: Connector;
  readonly keptCards: KeptCards;
  readonly now: () => Date;
}

/** For so long an asker sees again what they were told among others. */
const KEPT_SECONDS = 7 * 86_400;

/**
 * Teams. Alone with the app everything is told at once. Where others read along the card says to all only that something
 * was asked and whether it has ended; Teams itself asks for the rest, for the asker.
 */
export function teamsDoor(deps: TeamsDoorDeps): ChatDoor {
  return {
    showLabel: 'Show here',
    howToLink: 'write "link" to the app in a personal chat',
    tellsAlone: false,
    agentOf: () => `teams/${deps.appId}`,
    // Teams signs the object id of whoever writes: it is that of the directory that signs people in.
    lookUp: ({ user }) => Promise.resolve({ kind: 'person', objectId: user }),
    whyNotShown: (request, room) => whyNotShown(deps, placeOf(request), room),
    tell: async ({ request }, message) => {
      const place = placeOf(request);
      if (request.room === undefined || message.isForAll === true)
        return told(request, await send(deps, place, { card: drawMessage(message), summary: cut(message.text) }));
      if (isSeenAnyway(request, message)) return { kind: 'told', place: request.place };
      await keep(deps, request, message);
      return told(request, await send(deps, place, toAll(request, place, message)));
    },
    show: async ({ request }, _room, message) => {
      const { serviceUrl, conversationId, cardId } = placeOf(request);
      const shown = { card: drawMessage(message), summary: 'A connectivity check is shown.' };
      const sent = await send(
        deps,
        { serviceUrl, conversationId, ...(cardId !== undefined && { toldId: cardId }) },
        shown,
      );
      if (sent.kind === 'sent') return { kind: 'shown' };
      return sent.kind === 'gone' ? { kind: 'failed', cause: NO_CONVERSATION } : { kind: 'unknown', cause: sent.cause };
    },
  };
}

/** In a team's channel all of the team read; in a shared channel those of other teams, too. */
async function whyNotShown(
  { connector, tenantId }: TeamsDoorDeps,
  { isShared, serviceUrl }: TeamsPlace,
  { id: conversationId }: Room,
): Promise<string | undefined> {
  if (isShared !== undefined) return 'This channel is shared with others than its own team: nothing is shown in it.';
  const isOurs = (member: Member): boolean => member.tenantId?.toLowerCase() === tenantId;
  const areOurs = await connector.everyMember({ serviceUrl, conversationId }, isOurs);
  if (areOurs === undefined)
    return 'Teams does not say now who reads here: click again in a minute. If that goes on, tell the operators of the proxy.';
  return areOurs ? undefined : 'Somebody who reads here is not of your organisation: nothing is shown here.';
}

const placeOf = ({ place }: ChatRequest): TeamsPlace => teamsPlaceSchema.parse(place);

const NO_CONVERSATION = 'Teams knows no such conversation.';

const cut = (text: string): string => cutText(text, 200);

/** The first answer, or the one that replaces it; one that somebody has deleted is written anew. */
async function send(
  { connector }: TeamsDoorDeps,
  place: Omit<TeamsPlace, 'userId'>,
  message: TeamsMessage,
): Promise<Sent> {
  const { serviceUrl, conversationId, replyToId, toldId } = place;
  if (toldId) {
    const sent = await connector.put({ serviceUrl, conversationId }, toldId, message);
    if (sent.kind !== 'gone') return sent;
  }
  const sent = await connector.post({ serviceUrl, conversationId, replyToId }, message);
  // Somebody can have deleted what they wrote, too.
  return sent.kind === 'gone' && replyToId !== undefined
    ? connector.post({ serviceUrl, conversationId }, message)
    : sent;
}

function told({ place }: ChatRequest, sent: Sent): Told {
  if (sent.kind === 'sent') return { kind: 'told', place: { ...place, toldId: sent.activityId } };
  return sent.kind === 'failed' ? sent : { kind: 'failed', cause: NO_CONVERSATION };
}

/** The card that was clicked on tells it to its clicker and to all. */
const isSeenAnyway = ({ asked, place }: ChatRequest, { isEvident, state }: ChatMessage): boolean =>
  asked.kind === 'click' &&
  place['cardId'] !== undefined &&
  (isEvident === true || (asked.action === 'cancel' && state === 'canceled'));

function toAll(request: ChatRequest, place: TeamsPlace, message: ChatMessage): TeamsMessage {
  const hasEnded = isEnd(message);
  const link = message.buttons.find((button) => button.kind === 'open');
  const show = asMayBeShown(place, message).buttons.find(isShow);
  const card = drawAsked({
    request: request.id,
    name: request.name ?? 'Somebody',
    userId: place.userId,
    words: wordsOf(request),
    hasEnded,
    link: link?.url,
    showAction: show && cardAction(show.label, { verb: 'share-here', check: show.checkId }),
  });
  return { card, summary: summaryOf(message) };
}

/** What notifications tell to all: of what is no check no more than that it was answered. */
function summaryOf(message: ChatMessage): string {
  if (message.state === undefined) return 'A question was answered.';
  return `A connectivity check ${isEnd(message) ? 'has ended' : 'was asked for'}.`;
}

const isEnd = ({ state }: ChatMessage): boolean => state !== 'waiting' && state !== 'running';

const isShow = (button: Button): button is Extract<Button, { kind: 'act' }> =>
  button.kind === 'act' && button.action === 'share-here';

function wordsOf({ asked }: ChatRequest): string {
  if (asked.kind === 'line') return undoPaste(asked.text);
  return asked.kind === 'click' ? `${clickWords[asked.action]} ${shortId(asked.checkId)}` : 'link';
}

/** As people say what a button does. */
const clickWords: Readonly<Record<ClickAction, string>> = {
  ...{ again: 'again', cancel: 'cancel', path: 'show', 'share-here': 'show here' },
};

async function keep({ keptCards, now }: TeamsDoorDeps, request: ChatRequest, message: ChatMessage): Promise<void> {
  const { check } = message;
  const told = check ? { check } : { card: JSON.stringify(ownCard(request.id, placeOf(request), message)) };
  await keptCards.put(request.id, { user: request.account.user, ...told }, secondsAfter(now(), KEPT_SECONDS));
}

/** What the asker sees in place of what all see. */
export const ownCard = (
  requestId: string,
  place: Pick<TeamsPlace, 'userId' | 'isShared'>,
  message: ChatMessage,
): Card =>
  drawMessage(asMayBeShown(place, message), {
    action: cardAction('See the answer', { verb: 'see', request: requestId }),
    userIds: [place.userId],
  });

/** Without the button that shows it to all, where that is always refused. */
export const asMayBeShown = ({ isShared }: Pick<TeamsPlace, 'isShared'>, message: ChatMessage): ChatMessage =>
  isShared === undefined ? message : { ...message, buttons: message.buttons.filter((each) => !isShow(each)) };
