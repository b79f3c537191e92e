/** What the app must be able to do in Slack, and nothing more. docs/chat.md says what each is for. */
const scopes = [
  // Slash commands, mentions (`app_mention`) and direct messages to the app (`message.im`).
  ...['commands', 'app_mentions:read', 'im:history'],
  // `chat.postMessage` and `chat.update`: answers by direct message, which Slack opens for them, and what is shown.
  ...['chat:write', 'im:write'],
  // `users.info`: whose account it is, a full member with a confirmed e-mail address.
  ...['users:read', 'users:read.email'],
  // `conversations.info` and `.members` of channels, private ones and group messages. Nobody else reads a direct message.
  ...['channels:read', 'groups:read', 'mpim:read'],
];

/** The manifest of the Slack app of an installation. https://docs.slack.dev/reference/app-manifest */
export const slackManifest = (publicUrl: string) => ({
  display_information: {
    name: 'Connectivity Check',
    description: 'Asks whether an Azure VM can reach an endpoint.',
  },
  features: {
    app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
    bot_user: { display_name: 'netcheck', always_online: true },
    slash_commands: [
      {
        command: '/netcheck',
        url: `${publicUrl}/api/chat/slack/commands`,
        description: 'Can this VM reach that endpoint?',
        usage_hint: 'SOURCE DESTINATION[:PORT] [tcp|icmp|http|https] | help',
        should_escape: false,
      },
    ],
  },
  oauth_config: { scopes: { bot: scopes } },
  settings: {
    event_subscriptions: {
      request_url: `${publicUrl}/api/chat/slack/events`,
      bot_events: ['app_mention', 'message.im'],
    },
    interactivity: { is_enabled: true, request_url: `${publicUrl}/api/chat/slack/interactions` },
    org_deploy_enabled: false,
    socket_mode_enabled: false,
    token_rotation_enabled: false,
  },
});
