import { describe, expect, it } from 'vitest';
import { slackManifest } from '../../scripts/slack/manifest.ts';
import { readFileSync } from 'node:fs';
import { chatOperations } from '../../src/http/chat/operations.ts';

describe('the manifest of the Slack app', () => {
  const { features, settings, oauth_config: oauth } = slackManifest('https://proxy.example.com');

  it('names the routes that the proxy has, at its own address', () => {
    const named = [
      features.slash_commands[0]?.url,
      settings.interactivity.request_url,
      settings.event_subscriptions.request_url,
    ];
    const routes = [chatOperations.slackCommands, chatOperations.slackInteractions, chatOperations.slackEvents];
    expect(named).toEqual(routes.map(({ path }) => `https://proxy.example.com/${path}`));
  });

  it('asks for the events that the proxy reads, and for no more', () => {
    expect(settings.event_subscriptions.bot_events).toEqual(['app_mention', 'message.im']);
    expect(settings.socket_mode_enabled).toBe(false);
  });

  it('asks for the permissions that its commands, its events and the calls of the proxy need, and for no more', () => {
    const needed = {
      'a slash command': ['commands'],
      app_mention: ['app_mentions:read'],
      'message.im': ['im:history'],
      'chat.postMessage, to a person too': ['chat:write', 'im:write'],
      'chat.update': ['chat:write'],
      'users.info, with the e-mail address': ['users:read', 'users:read.email'],
      'conversations.info and .members, where others read': ['channels:read', 'groups:read', 'mpim:read'],
    };
    expect(new Set(oauth.scopes.bot)).toEqual(new Set(Object.values(needed).flat()));
    const source = readFileSync(new URL('../../src/slack/slack-door.ts', import.meta.url), 'utf8');
    const methods = new Set(source.match(/(?<=')(?:chat|conversations|users)\.[a-zA-Z]+(?=')/g));
    expect([...methods].sort()).toEqual([
      ...['chat.postMessage', 'chat.update', 'conversations.info', 'conversations.members', 'users.info'],
    ]);
  });

  it('asks for no permission that docs/chat.md does not explain', () => {
    const page = readFileSync(new URL('../../docs/chat.md', import.meta.url), 'utf8');
    expect(oauth.scopes.bot.filter((scope) => !page.includes(`\`${scope}\``))).toEqual([]);
  });
});
