import { z } from 'zod';
import type { Received } from '../chat/accept.ts';
import { visible } from '../rendering/visible.ts';
import { isAnswerUrl } from './is-answer-url.ts';
import type { SlackSettings } from './slack-settings.ts';

export type ReadRequest = Omit<Received, 'origin'>;

/** Longer than any line is: of a longer one that is said. */
export const MOST_TEXT = 4_001;

/** What is empty is not given. */
const text = z
  .string()
  .optional()
  .transform((given) => given || undefined);
const required = z.string().min(1).max(200);

const commandSchema = z.object({
  ...{ team_id: required, user_id: required, trigger_id: required },
  ...{ channel_id: text, channel_name: text, response_url: text, user_name: text, team_domain: text, text },
});

/** A slash command; `undefined` where it is not one of the workspace. https://docs.slack.dev/interactivity/implementing-slash-commands */
export function readCommand(settings: SlackSettings, form: URLSearchParams): ReadRequest | undefined {
  const command = commandSchema.safeParse(Object.fromEntries(form)).data;
  if (command?.team_id !== settings.teamId) return undefined;
  const { channel_id: channel, response_url: answerUrl, user_name: name, team_domain: teamName } = command;
  if (answerUrl !== undefined && !isAnswerUrl(settings, answerUrl)) return undefined;
  const room = channel === undefined ? undefined : roomNamed(channel, command.channel_name);
  return {
    account: { chat: 'slack', team: command.team_id, user: command.user_id },
    messageId: command.trigger_id,
    ...(name !== undefined && { name: shortly(name) }),
    ...(teamName !== undefined && { teamName: shortly(teamName) }),
    asked: { kind: 'line', text: (command.text ?? '').slice(0, MOST_TEXT) },
    ...(room && { room }),
    place: channel === undefined ? {} : { at: channel },
    ...(answerUrl !== undefined && { answerUrl }),
  };
}

export const shortly = (text: string): string => visible(text).slice(0, 100);

/** What Slack calls a private conversation is no name of it; in a direct message nobody else reads along. */
export function roomNamed(id: string, name: string | undefined): ReadRequest['room'] {
  if (id.startsWith('D')) return undefined;
  const isName = name !== undefined && !/^(?:privategroup|directmessage|mpdm-.*)$/.test(name);
  return { id, ...(isName && { name: `#${shortly(name)}` }) };
}
