import type { Received } from '../chat/accept.ts';
import { visible } from '../rendering/visible.ts';
import { isAnswerUrl } from './is-answer-url.ts';
import type { SlackSettings } from './slack-settings.ts';

export type ReadRequest = Omit<Received, 'origin'>;

/** Longer than any line is: of a longer one that is said. */
export const MOST_TEXT = 4_001;

/** A slash command; `undefined` where it is not one of the workspace. https://docs.slack.dev/interactivity/implementing-slash-commands */
export function readCommand(settings: SlackSettings, form: URLSearchParams): ReadRequest | undefined {
  const given = (name: string): string | undefined => form.get(name) || undefined;
  const [team, user, messageId] = [given('team_id'), given('user_id'), given('trigger_id')];
  const [channel, answerUrl] = [given('channel_id'), given('response_url')];
  if (team !== settings.teamId || user === undefined || messageId === undefined) return undefined;
  if (answerUrl !== undefined && !isAnswerUrl(settings, answerUrl)) return undefined;
  const room = channel === undefined ? undefined : roomOf(channel, given('channel_name'));
  const [name, teamName] = [given('user_name'), given('team_domain')];
  return {
    account: { chat: 'slack', team, user },
    messageId,
    ...(name !== undefined && { name: shortly(name) }),
    ...(teamName !== undefined && { teamName: shortly(teamName) }),
    asked: { kind: 'line', text: (form.get('text') ?? '').slice(0, MOST_TEXT) },
    ...(room && { room }),
    place: channel === undefined ? {} : { at: channel },
    ...(answerUrl !== undefined && { answerUrl }),
  };
}

export const shortly = (text: string): string => visible(text).slice(0, 100);

/** What Slack calls a private conversation is no name of it; in a direct message nobody else reads along. */
function roomOf(id: string, name: string | undefined): ReadRequest['room'] {
  if (id.startsWith('D')) return undefined;
  const isName = name !== undefined && !/^(?:privategroup|directmessage|mpdm-.*)$/.test(name);
  return { id, ...(isName && { name: `#${shortly(name)}` }) };
}
