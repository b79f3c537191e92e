import { verbs } from '../../src/line/verbs.ts';
import { usage } from '../../src/line/line.ts';

interface TeamsApp {
  /** Of the bot: `TEAMS_APP_ID`. */
  readonly appId: string;
  readonly publicUrl: string;
  /** Of the app's package, such as `0.1.0`. */
  readonly version: string;
}

/** What Teams offers to whoever begins to write; ten at most. */
const offered = ['help', 'me', 'endpoints', 'list', 'show', 'again', 'compare', 'flow'] as const;
const commands = offered.map((verb) => ({ title: verb, description: verbs[verb].sentence }));
const link = { title: 'link', description: verbs.link.sentence };

/** https://learn.microsoft.com/microsoft-365/extensibility/schema */
export const teamsManifest = ({ appId, publicUrl, version }: TeamsApp) => ({
  $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json',
  manifestVersion: '1.19',
  version,
  id: appId,
  developer: {
    name: 'Connectivity Check Proxy',
    websiteUrl: publicUrl,
    privacyUrl: publicUrl,
    termsOfUseUrl: publicUrl,
  },
  name: { short: 'Netcheck', full: 'Connectivity Check Proxy' },
  description: {
    short: 'Asks whether an Azure VM can reach an endpoint.',
    full: `Asks whether an Azure VM can reach an endpoint, as policy allows, and says what is in the way. Write: ${usage}`,
  },
  icons: { color: 'color.png', outline: 'outline.png' },
  accentColor: '#0B5CAD',
  bots: [
    {
      botId: appId,
      scopes: ['personal', 'team', 'groupChat'],
      supportsFiles: false,
      isNotificationOnly: false,
      commandLists: [
        { scopes: ['personal'], commands: [link, ...commands] },
        { scopes: ['team', 'groupChat'], commands },
      ],
    },
  ],
  // It learns who writes. It begins no conversation, and has no page within Teams.
  permissions: ['identity'],
  validDomains: [new URL(publicUrl).host],
});
