/** The one workspace that may ask, and how the proxy knows it and speaks to it. */
export interface SlackSettings {
  /** Each may have signed a request, while one is rotated. */
  readonly signingSecrets: readonly string[];
  readonly botToken: string;
  readonly teamId: string;
  /** Of the Web API, without a slash at its end. */
  readonly apiUrl: string;
}
