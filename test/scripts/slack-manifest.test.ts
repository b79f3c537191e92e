import { describe, expect, it } from 'vitest';
import { slackManifest } from '../../scripts/slack/manifest.ts';
import { chatOperations } from '../../src/http/chat/operations.ts';

describe('the manifest of the Slack app', () => {
  const { features, settings } = slackManifest('https://proxy.example.com');

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
});
