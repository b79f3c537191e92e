/** The bot by which people ask in Teams. */
export interface TeamsSettings {
  readonly appId: string;
  /** Where the keys are named that activities are signed with. */
  readonly openIdMetadata: URL;
  /** `host[:port]`, in lower case: where the bot's token may be sent. */
  readonly serviceHosts: readonly string[];
  readonly tokenUrl: URL;
  /** Absent: the managed identity whose client id is `appId`. */
  readonly appSecret?: string | undefined;
}
