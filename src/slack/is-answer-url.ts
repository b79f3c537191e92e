import type { SlackSettings } from './slack-settings.ts';

/** Whether an address by which a message is answered is Slack's: the proxy sends answers nowhere else. */
export function isAnswerUrl({ apiUrl }: Pick<SlackSettings, 'apiUrl'>, text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username !== '' || url.password !== '') return false;
  return url.origin === 'https://hooks.slack.com' || url.origin === new URL(apiUrl).origin;
}
