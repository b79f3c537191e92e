import { isGuid } from '../contract/text/is-guid.ts';
import type { Activity } from './activity.ts';
import { isServiceUrl } from './is-service-url.ts';
import { lineOf } from './line-of.ts';

/** Whose activities are taken. */
export interface Expected {
  readonly tenantId: string;
  /** `host[:port]` of service URLs, in lower case. */
  readonly serviceHosts: readonly string[];
}

/** Where an answer goes, and who will see it. */
export interface Place {
  readonly serviceUrl: string;
  readonly conversationId: string;
  /** As its members know it; where Teams does not say that, by its id. */
  readonly name: string;
  /** Nobody but the asker reads it. */
  readonly isPersonal: boolean;
  /** Teams says that others than those of this team may read it, perhaps of another organisation. */
  readonly isShared: boolean;
}

/** Who wrote or clicked. */
export interface Writer {
  readonly objectId: string;
  /** As Teams itself names them in this conversation. */
  readonly userId: string;
  readonly name: string;
}

interface Trusted {
  readonly activityId: string;
  readonly place: Place;
  readonly writer: Writer;
}

export interface MessageActivity extends Trusted {
  readonly kind: 'message';
  readonly text: string;
}

export interface ActionActivity extends Trusted {
  readonly kind: 'action';
  /** What the button carries: from the client, so it is believed for nothing. */
  readonly value: unknown;
  /** The message whose card it is on. */
  readonly cardId?: string;
}

/** What an activity asks for; `other` asks for nothing. */
export type ReadActivity = MessageActivity | ActionActivity | { readonly kind: 'other' };

/**
 * What an activity says whose token was verified. `undefined`: it is not one that may be answered, because it comes by
 * another channel, from another tenant, or from a place or a person that cannot be told.
 */
export function readActivity(activity: Activity, expected: Expected): ReadActivity | undefined {
  if (!isOurs(activity, expected)) return undefined;
  const kind = kindOf(activity);
  if (kind === 'other') return { kind };
  const [activityId, place, writer] = [activity.id, placeOf(activity), writerOf(activity)];
  if (activityId === undefined || !place || !writer) return undefined;
  const trusted: Trusted = { activityId, place, writer };
  if (kind === 'message') return { kind, ...trusted, text: lineOf(activity) };
  const { value, replyToId } = activity;
  return { kind, ...trusted, value, ...(replyToId ? { cardId: replyToId } : {}) };
}

function isOurs({ channelId, serviceUrl, conversation, channelData }: Activity, expected: Expected): boolean {
  const tenants = [conversation?.tenantId, channelData?.tenant?.id];
  return (
    channelId === 'msteams' &&
    isServiceUrl(serviceUrl, expected.serviceHosts) &&
    tenants.every((tenant) => tenant?.toLowerCase() === expected.tenantId)
  );
}

function kindOf({ type, name }: Activity): ReadActivity['kind'] {
  if (type === 'message') return 'message';
  return type === 'invoke' && name === 'adaptiveCard/action' ? 'action' : 'other';
}

function placeOf({ serviceUrl, conversation, channelData }: Activity): Place | undefined {
  const names = [channelData?.channel?.name, conversation?.name];
  return (
    conversation && {
      serviceUrl,
      conversationId: conversation.id,
      name: names.find((name) => name?.trim()) ?? byId(conversation),
      isPersonal: conversation.conversationType === 'personal' && conversation.isGroup !== true,
      isShared: channelData?.channel?.type?.toLowerCase() === 'shared',
    }
  );
}

/** Such as `this channel (19:…@thread.tacv2)`. */
function byId({ id, conversationType }: NonNullable<Activity['conversation']>): string {
  const kind = conversationType === 'groupChat' ? 'group chat' : 'conversation';
  return `this ${conversationType === 'channel' ? 'channel' : kind} (${roomIdOf(id)})`;
}

/** Each thread of a channel is a conversation, and all who read the channel read it. */
export const roomIdOf = (conversationId: string): string => conversationId.replace(/;messageid=.*$/s, '');

function writerOf({ from }: Activity): Writer | undefined {
  const objectId = from?.aadObjectId?.toLowerCase();
  if (!from || objectId === undefined || !isGuid(objectId)) return undefined;
  return { objectId, userId: from.id, name: from.name ?? '' };
}
