/** What a sign-in brought. */
export interface Tokens {
  readonly accessToken: string;
  /** Milliseconds since 1970 */
  readonly expiresAt: number;
  readonly refreshToken?: string;
  /** Of whoever signed in. */
  readonly name?: string;
}
