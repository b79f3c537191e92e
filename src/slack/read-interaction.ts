import { z } from 'zod';
import { clickActionSchema, type Room } from '../chat/request.ts';
import { jsonOf } from '../contract/json-of.ts';
import { readButtonValue } from './button-value.ts';
import { isAnswerUrl } from './is-answer-url.ts';
import { type ReadRequest, roomNamed, shortly } from './read-command.ts';
import type { SlackSettings } from './slack-settings.ts';

/** `foreign`: it is not of the workspace. `nothing`: it is no click that the proxy knows. */
export type ReadInteraction =
  | { readonly kind: 'foreign' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'request'; readonly request: ReadRequest };

const payloadSchema = z.looseObject({
  type: z.string(),
  trigger_id: z.string().min(1).max(200).optional(),
  team: z.looseObject({ id: z.string(), domain: z.string().optional() }),
  user: z.looseObject({
    id: z.string().min(1).max(200),
    username: z.string().optional(),
    team_id: z.string().optional(),
  }),
  response_url: z.string().optional(),
  container: z
    .looseObject({
      message_ts: z.string().max(50).optional(),
      channel_id: z.string().min(1).max(200).optional(),
      is_ephemeral: z.boolean().optional(),
    })
    .default({}),
  channel: z.looseObject({ name: z.string().optional() }).optional().catch(undefined),
  actions: z.array(z.looseObject({ action_id: z.string(), value: z.string().optional() })).default([]),
});
type Payload = z.infer<typeof payloadSchema>;

/** A click on a button. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function readInteraction(settings: SlackSettings, form: URLSearchParams): ReadInteraction {
  const payload = payloadSchema.safeParse(jsonOf(form.get('payload') ?? '')).data;
  if (payload?.team.id !== settings.teamId) return { kind: 'foreign' };
  const { user, response_url: answerUrl } = payload;
  if (user.team_id !== undefined && user.team_id !== settings.teamId) return { kind: 'foreign' };
  if (answerUrl !== undefined && !isAnswerUrl(settings, answerUrl)) return { kind: 'foreign' };
  const request = payload.type === 'block_actions' ? requestOf(payload) : undefined;
  return request ? { kind: 'request', request } : { kind: 'nothing' };
}

function requestOf(payload: Payload): ReadRequest | undefined {
  const { trigger_id: messageId, team, user, actions } = payload;
  const [clicked] = actions;
  const action = clickActionSchema.safeParse(clicked?.action_id).data;
  const value = readButtonValue(clicked?.value ?? '');
  if (messageId === undefined || action === undefined || !value) return undefined;
  return {
    account: { chat: 'slack', team: team.id, user: user.id },
    messageId,
    ...(user.username !== undefined && { name: shortly(user.username) }),
    ...(team.domain !== undefined && { teamName: shortly(team.domain) }),
    asked: { kind: 'click', action, checkId: value.check },
    ...roomOf(payload, value.room),
    ...whereToAnswer(payload, action),
  };
}

/** Where the check was asked for; a click on what all see in a channel asks there. */
function roomOf({ container, channel }: Payload, asked: Room | undefined): Pick<ReadRequest, 'room'> {
  const { channel_id: id, is_ephemeral: isEphemeral } = container;
  const room = asked ?? (isEphemeral === true || id === undefined ? undefined : roomNamed(id, channel?.name));
  return room ? { room } : {};
}

/**
 * What only its clicker sees is answered in its place; a message that all see never is, because then all would see the
 * answer.
 */
function whereToAnswer(
  { container, response_url: answerUrl }: Payload,
  action: string,
): Pick<ReadRequest, 'place' | 'answerUrl'> {
  const { channel_id: channel, message_ts: ts, is_ephemeral: isEphemeral } = container;
  const isKept = action === 'share-here';
  if (isEphemeral === true)
    return {
      place: { ...(channel !== undefined && { at: channel }), ...(isKept && { beside: 'yes' }) },
      ...(answerUrl !== undefined && { answerUrl }),
    };
  if (channel?.startsWith('D') !== true) return { place: {} };
  const isInPlace = !isKept && action !== 'again' && ts !== undefined;
  return { place: { channel, ...(isInPlace && { ts }) } };
}
