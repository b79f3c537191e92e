import { z } from 'zod';
import type { Account } from '../chat/account.ts';
import { asciiLower } from '../chat/link/may-link.ts';
import type { ChatDoor, Profile, Shown, Told } from '../chat/ports/chat-door.ts';
import type { ChatMessage } from '../chat/message.ts';
import type { Addressed, ChatRequest, Room } from '../chat/request.ts';
import { drawSlack, type SlackMessage } from './draw-slack.ts';
import type { SlackAnswer, SlackApi } from './slack-api.ts';
import type { SlackSettings } from './slack-settings.ts';

export interface SlackDoorDeps {
  readonly slack: Pick<SlackSettings, 'teamId'>;
  readonly api: SlackApi;
  readonly now: () => Date;
}

/** Slack as the core of chat speaks to it. */
export function createSlackDoor({ slack, api, now }: SlackDoorDeps): ChatDoor {
  return {
    tell: (addressed, message) => tell(api, addressed, message),
    whyNotShown: ({ account }, room) => whyNotShown({ api, now }, account, room),
    show: (addressed, room, message) => show(api, addressed, room, message),
    lookUp: (account) => lookUp(slack.teamId, api, account),
    agentOf: ({ team, user }) => `slack/${team}/${user}`,
    showLabel: 'Show in this channel',
    howToLink: 'write "/netcheck link"',
    tellsAlone: true,
  };
}

const quiet = { unfurl_links: false, unfurl_media: false } as const;

/** At the address that the message came with, which its asker alone sees, or by direct message. */
async function tell(api: SlackApi, addressed: Addressed, message: ChatMessage): Promise<Told> {
  const drawn = drawSlack(message);
  const { request, answerUrl } = addressed;
  const isInPlace = replaces(request, message);
  const directly = { ...request, place: isInPlace ? request.place : withoutMessage(request.place) };
  if (answerUrl === undefined) return tellDirectly(api, directly, drawn);
  const body = { response_type: 'ephemeral', replace_original: isInPlace, ...quiet, ...drawn };
  if ((await api.answer(answerUrl, body)).kind === 'ok') return { kind: 'told', place: request.place };
  const told = await tellDirectly(api, directly, drawn);
  return told.kind === 'told' ? { ...told, isUrlSpent: true } : told;
}

/** A click that comes to nothing leaves the result that it was on; what was told because of it is replaced all the same. */
const replaces = ({ asked, awaited, place }: ChatRequest, { isRefusal }: ChatMessage): boolean =>
  place['beside'] === undefined && !(isRefusal === true && asked.kind === 'click' && awaited === undefined);

const withoutMessage = (place: ChatRequest['place']): ChatRequest['place'] =>
  Object.fromEntries(Object.entries(place).filter(([name]) => name !== 'ts'));

const postedSchema = z.looseObject({ channel: z.string(), ts: z.string() });

async function tellDirectly(
  api: SlackApi,
  { account, place }: Pick<ChatRequest, 'account' | 'place'>,
  drawn: SlackMessage,
): Promise<Told> {
  const { channel = account.user, ts } = place;
  const updated = ts === undefined ? undefined : await api.post('chat.update', { channel, ts, ...drawn });
  if (updated?.kind === 'ok') return { kind: 'told', place };
  if (updated?.kind === 'failed') return updated;
  // A message that was removed is written again.
  return toldOf(await api.post('chat.postMessage', { channel, ...quiet, ...drawn }), place);
}

function toldOf(answer: SlackAnswer, place: Addressed['request']['place']): Told {
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'refused') return { kind: 'failed', cause: `chat.postMessage: ${answer.code}` };
  const posted = postedSchema.safeParse(answer.body).data;
  return { kind: 'told', place: posted ? { ...place, channel: posted.channel, ts: posted.ts } : place };
}

const channelSchema = z.looseObject({
  channel: z.looseObject({
    is_ext_shared: z.boolean().default(false),
    is_pending_ext_shared: z.boolean().default(false),
    is_shared: z.boolean().default(false),
    is_org_shared: z.boolean().default(false),
  }),
});

const unseen = ['channel_not_found', 'not_in_channel', 'method_not_supported_for_channel_type'];

type AskDeps = Pick<SlackDoorDeps, 'api' | 'now'>;

async function whyNotShown(deps: AskDeps, { user }: Account, { id, name = id }: Room): Promise<string | undefined> {
  const answer = await deps.api.ask('conversations.info', { channel: id });
  if (answer.kind === 'refused' && unseen.includes(answer.code))
    return `The app cannot see ${name}, so it cannot tell who reads there: invite it to the channel, and click again.`;
  const channel = answer.kind === 'ok' ? channelSchema.safeParse(answer.body).data?.channel : undefined;
  if (!channel) return `Slack does not say now who reads in ${name}: click again in a minute.`;
  const isForeign =
    channel.is_ext_shared || channel.is_pending_ext_shared || (channel.is_shared && !channel.is_org_shared);
  if (isForeign) return `${name} is shared with another organisation: nothing is shown there.`;
  return whyNoMember(deps, user, { id, name });
}

const membersSchema = z.looseObject({
  members: z.array(z.string()),
  response_metadata: z.looseObject({ next_cursor: z.string().default('') }).default({ next_cursor: '' }),
});

/** Of a thousand members each, which is the most that Slack gives at once. */
const MOST_PAGES = 20;
/** Whoever asks has more to do before others take over. */
const MOST_MILLISECONDS = 20_000;
const PAGE_SIZE = '1000';

/**
 * Who has left a channel, or never was in it, shows nothing there, whatever their button says. Where Slack does not say who
 * is in it, the button is enough: it was given to them there.
 */
async function whyNoMember(
  { api, now }: AskDeps,
  user: string,
  { id, name }: Required<Room>,
): Promise<string | undefined> {
  const until = now().getTime() + MOST_MILLISECONDS;
  let cursor = '';
  for (let page = 0; page < MOST_PAGES && now().getTime() <= until; page++) {
    const answer = await api.ask('conversations.members', { channel: id, limit: PAGE_SIZE, ...(cursor && { cursor }) });
    const read = answer.kind === 'ok' ? membersSchema.safeParse(answer.body).data : undefined;
    if (!read || read.members.includes(user)) return undefined;
    cursor = read.response_metadata.next_cursor;
    if (cursor === '') return `You are no member of ${name}: you can show nothing there.`;
  }
  return `${name} has too many members to find you among them: share the check, and give its people the link.`;
}

async function show(
  api: SlackApi,
  { request, answerUrl }: Addressed,
  room: Room,
  message: ChatMessage,
): Promise<Shown> {
  const drawn = { ...quiet, ...drawSlack(message) };
  const posted = await api.post('chat.postMessage', { channel: room.id, ...drawn });
  // Where the app is no member, it may still answer the command that was written there.
  const isThere = posted.kind === 'refused' && unseen.includes(posted.code) && request.place['at'] === room.id;
  if (!isThere || answerUrl === undefined) return shownOf(posted);
  const body = { response_type: 'in_channel', replace_original: false, ...drawn };
  const answered = await api.answer(answerUrl, body);
  return answered.kind === 'refused' ? shownOf(posted) : shownOf(answered);
}

function shownOf(answer: SlackAnswer): Shown {
  if (answer.kind === 'ok') return { kind: 'shown' };
  return answer.kind === 'failed' ? { kind: 'unknown', cause: answer.cause } : { kind: 'failed', cause: answer.code };
}

const flag = z.boolean().default(false);
const userSchema = z.looseObject({
  user: z.looseObject({
    id: z.string(),
    team_id: z.string().optional(),
    name: z.string().optional(),
    deleted: flag,
    is_bot: flag,
    is_restricted: flag,
    is_ultra_restricted: flag,
    is_stranger: flag,
    is_email_confirmed: flag,
    profile: z
      .looseObject({
        email: z.string().optional(),
        display_name: z.string().optional(),
        real_name: z.string().optional(),
      })
      .default({}),
  }),
});
type User = z.infer<typeof userSchema>['user'];

async function lookUp(teamId: string, api: SlackApi, account: Account): Promise<Profile | undefined> {
  const answer = await api.ask('users.info', { user: account.user });
  if (answer.kind === 'failed') return undefined;
  if (answer.kind === 'refused') return gone.includes(answer.code) ? { kind: 'unfit', why: UNKNOWN } : undefined;
  const user = userSchema.safeParse(answer.body).data?.user;
  if (!user) return undefined;
  return user.id === account.user && account.team === teamId
    ? profileOf(user, teamId)
    : { kind: 'unfit', why: UNKNOWN };
}

function profileOf(user: User, teamId: string): Profile {
  const { email, display_name: shown, real_name: real } = user.profile;
  const name = [shown, real, user.name].find((each) => each !== undefined && each !== '') ?? user.id;
  const why = whyUnfit(user, teamId);
  if (why !== undefined) return { kind: 'unfit', why, name };
  return { kind: 'person', name, ...(email !== undefined && user.is_email_confirmed && { email: asciiLower(email) }) };
}

const gone = ['user_not_found', 'user_not_visible', 'users_not_found'];
const UNKNOWN = 'The chat account is not one of this workspace.';

function whyUnfit(user: User, teamId: string): string | undefined {
  if (user.is_stranger || user.team_id !== teamId) return UNKNOWN;
  if (user.deleted) return 'The chat account is closed.';
  if (user.is_bot || user.id === 'USLACKBOT') return 'A bot acts for nobody.';
  if (user.is_restricted || user.is_ultra_restricted)
    return 'A guest of the workspace cannot be linked: only its full members can.';
  return undefined;
}
