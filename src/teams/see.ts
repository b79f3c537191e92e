import { jsonOf } from '../contract/json-of.ts';
import { type AnswerRequestDeps, type Asker, showAgain } from '../chat/answer/answer-request.ts';
import { drawSentence, drawUnlinked } from '../chat/draw/draw-words.ts';
import { actingAs } from '../chat/link/acting-as.ts';
import type { ShownCheck } from '../chat/message.ts';
import { drawMessage } from './card/draw-message.ts';
import type { TeamsPlace } from './place.ts';
import type { KeptCards } from './ports/kept-cards.ts';
import { asMayBeShown, ownCard } from './teams-door.ts';

export type SeeDeps = AnswerRequestDeps & { readonly keptCards: Pick<KeptCards, 'find'> };

/** Who wants to see what, as a verified click has it. */
export type Seeing = Asker & { readonly place: TeamsPlace };

/**
 * A card for one person, in place of the one that all see: what they were told, and a check of it as it is now, if they
 * may still read it. Throws `StorageUnavailable`, `AuditUnavailable`.
 */
export async function see(deps: SeeDeps, seeing: Seeing, requestId: string): Promise<unknown> {
  const kept = await deps.keptCards.find(requestId);
  if (kept?.user !== seeing.account.user) return drawMessage(noSuchAnswer);
  if ('check' in kept) return ownCard(requestId, seeing.place, (await showAgain(deps, seeing, kept.check)).message);
  const isLinked = (await actingAs(deps, seeing.account)) !== undefined;
  return isLinked ? jsonOf(kept.card) : drawMessage(drawUnlinked(deps.door.howToLink));
}

/** A check as it stands, for whoever clicked. Throws as `see` does. */
export const seeCheck = async (deps: SeeDeps, seeing: Seeing, check: ShownCheck): Promise<unknown> =>
  drawMessage(asMayBeShown(seeing.place, (await showAgain(deps, seeing, check)).message));

const noSuchAnswer = drawSentence('This answer is not yours, or it is not kept any more: ask again.');
