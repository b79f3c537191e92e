import { jsonOf } from '../contract/json-of.ts';
import { type AnswerRequestDeps, answerRequest } from '../chat/answer/answer-request.ts';
import { drawSentence, drawUnlinked } from '../chat/draw/draw-words.ts';
import { actingAs } from '../chat/link/acting-as.ts';
import type { ChatRequest } from '../chat/request.ts';
import { drawMessage } from './card/draw-message.ts';
import type { TeamsPlace } from './place.ts';
import type { KeptCards } from './ports/kept-cards.ts';
import { asMayBeShown, ownCard } from './teams-door.ts';

export type SeeDeps = AnswerRequestDeps & { readonly keptCards: Pick<KeptCards, 'find'> };

/** Who wants to see what, as a verified click has it: a request that is answered at once, and not kept. */
export type Seeing = Omit<ChatRequest, 'asked' | 'place'> & { readonly place: TeamsPlace };

/**
 * A card for one person, in place of the one that all see. Of a check it is what it is now, if they may still read it.
 * Throws `StorageUnavailable`, `AuditUnavailable`.
 */
export async function see(deps: SeeDeps, seeing: Seeing, requestId: string): Promise<unknown> {
  const kept = await deps.keptCards.find(requestId);
  if (kept?.user !== seeing.account.user) return drawMessage(noSuchAnswer);
  const { check } = kept;
  if (!check) {
    const isLinked = (await actingAs(deps, seeing.account)) !== undefined;
    return isLinked ? jsonOf(kept.card) : drawMessage(drawUnlinked(deps.door.howToLink));
  }
  const message = await messageOf(deps, seeing, { action: 'show', checkId: check.id });
  // What was told first says more: what the words were taken for.
  const isAsTold = message.state === check.state && (check.state === 'waiting' || check.state === 'running');
  return isAsTold ? jsonOf(kept.card) : ownCard(requestId, seeing.place, message);
}

/** A check as it stands, for whoever clicked. Throws as `see` does. */
export const seeCheck = async (deps: SeeDeps, seeing: Seeing, click: Click): Promise<unknown> =>
  drawMessage(asMayBeShown(seeing.place, await messageOf(deps, seeing, click)));

interface Click {
  readonly action: 'show' | 'path';
  readonly checkId: string;
}

async function messageOf(deps: SeeDeps, { place, ...seeing }: Seeing, click: Click) {
  const request: ChatRequest = { ...seeing, place: { ...place }, asked: { kind: 'click', ...click } };
  return (await answerRequest(deps, { request })).message;
}

const noSuchAnswer = drawSentence('This answer is not yours, or it is not kept any more: ask again.');
