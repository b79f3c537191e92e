import type { Received } from '../chat/accept.ts';
import type { Asked } from '../chat/request.ts';
import { cutText } from '../contract/text/cut-text.ts';
import { visible } from '../rendering/visible.ts';
import type { TeamsPlace } from './place.ts';
import { type ActionActivity, type MessageActivity, roomIdOf } from './read-activity.ts';

/** Longer ones are refused where they are read, and need not be kept whole for that. */
const LONGEST_TEXT = 4_002;
const LONGEST_NAME = 200;

/** What somebody wrote or clicked, as the core of chat takes it. */
export function receivedOf(
  tenantId: string,
  activity: MessageActivity | ActionActivity,
  asked: Asked,
): Omit<Received, 'origin' | 'place'> & { readonly place: TeamsPlace } {
  const { activityId, place, writer } = activity;
  const { serviceUrl, conversationId, isShared } = place;
  return {
    // An id of Teams' is one of its conversation.
    messageId: JSON.stringify([conversationId, activityId]),
    account: { chat: 'teams', team: tenantId, user: writer.objectId },
    ...(writer.name !== '' && { name: shortly(writer.name) }),
    asked: asked.kind === 'line' ? { ...asked, text: cutText(asked.text, LONGEST_TEXT) } : asked,
    ...(!place.isPersonal && { room: { id: roomIdOf(conversationId), name: shortly(place.name) } }),
    place: {
      ...{ serviceUrl, conversationId, userId: writer.userId },
      ...(activity.kind === 'message' && { replyToId: activityId }),
      ...(activity.kind === 'action' && activity.cardId !== undefined && { cardId: activity.cardId }),
      ...(isShared && { isShared: 'true' as const }),
    },
  };
}

/** A name as others chose it, fit for a message. */
const shortly = (name: string): string => cutText(visible(name), LONGEST_NAME);
