import { z } from 'zod';
import type { ReadRequest } from './read-command.ts';
import { MOST_TEXT } from './read-command.ts';
import type { SlackSettings } from './slack-settings.ts';

/** `foreign`: it is not of the workspace. `nothing`: nobody asks anything by it. */
export type ReadEvent =
  | { readonly kind: 'foreign' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'challenge'; readonly challenge: string }
  | { readonly kind: 'request'; readonly request: ReadRequest };

const outerSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('url_verification'), challenge: z.string().max(1000) }),
  z.looseObject({
    type: z.literal('event_callback'),
    team_id: z.string(),
    event_id: z.string().min(1).max(200),
    event: z.looseObject({ type: z.string() }),
    /** For whom it was sent: the app, by the account that people mention. */
    authorizations: z
      .array(z.looseObject({ user_id: z.string().max(200), is_bot: z.boolean() }))
      .max(10)
      .catch([]),
  }),
]);

/** What a person wrote; a message of an app, and one that was changed or removed, has another shape. */
const messageSchema = z.looseObject({
  type: z.enum(['app_mention', 'message']),
  user: z.string().min(1).max(200),
  channel: z.string().min(1).max(200),
  text: z.string(),
  channel_type: z.string().optional(),
  bot_id: z.undefined().optional(),
  subtype: z.undefined().optional(),
  /** Of the one who wrote it. */
  team: z.string().optional(),
  user_team: z.string().optional(),
});
type Message = z.infer<typeof messageSchema>;

/** An event of the Events API. https://docs.slack.dev/apis/events-api */
export function readEvent({ teamId }: SlackSettings, body: unknown): ReadEvent {
  const outer = outerSchema.safeParse(body).data;
  if (!outer) return { kind: 'foreign' };
  if (outer.type === 'url_verification') return { kind: 'challenge', challenge: outer.challenge };
  if (outer.team_id !== teamId) return { kind: 'foreign' };
  const message = messageSchema.safeParse(outer.event).data;
  if (!message || !isForUs(message) || !isOfTeam(message, teamId)) return { kind: 'nothing' };
  const mentions = outer.authorizations.flatMap((each) => (each.is_bot ? [`<@${each.user_id}>`] : []));
  return { kind: 'request', request: requestOf(message, teamId, outer.event_id, mentions) };
}

const isDirect = ({ channel }: Message): boolean => channel.startsWith('D');

/** A mention in a channel, or a direct message to the app; a mention in one of these comes as a message, too. */
const isForUs = (message: Message): boolean =>
  message.type === 'app_mention' ? !isDirect(message) : message.channel_type === 'im';

/** In a channel that is shared, people of another organisation write, too. */
const isOfTeam = ({ team, user_team: userTeam }: Message, teamId: string): boolean =>
  [team, userTeam].every((each) => each === undefined || each === teamId);

const requestOf = (message: Message, team: string, messageId: string, mentions: readonly string[]): ReadRequest => ({
  account: { chat: 'slack', team, user: message.user },
  messageId,
  asked: { kind: 'line', text: message.text.slice(0, MOST_TEXT), mentions: [...mentions] },
  ...(message.type === 'app_mention' && { room: { id: message.channel } }),
  place: message.type === 'app_mention' ? {} : { channel: message.channel },
});
