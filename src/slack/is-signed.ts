import { createHmac, timingSafeEqual } from 'node:crypto';

export interface SignedRequest {
  /** `X-Slack-Request-Timestamp` */
  readonly timestamp: string | null;
  /** `X-Slack-Signature` */
  readonly signature: string | null;
  /** As it came: what was read and written again is another body. */
  readonly body: Uint8Array;
}

/** Before and after: a request that was signed in the future would be good for as long as it is away. */
const MOST_SECONDS = 300;

/** Whether Slack signed a request now. https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function isSigned(
  secrets: readonly string[],
  now: Date,
  { timestamp, signature, body }: SignedRequest,
): boolean {
  if (timestamp === null || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Math.floor(now.getTime() / 1000) - Number(timestamp)) > MOST_SECONDS) return false;
  const hex = /^v0=([0-9a-f]{64})$/.exec(signature ?? '')?.[1];
  if (hex === undefined) return false;
  const given = Buffer.from(hex, 'hex');
  // Each is looked at, so that time tells nothing of which of them signed.
  return secrets.map((secret) => timingSafeEqual(given, signatureOf(secret, timestamp, body))).includes(true);
}

const signatureOf = (secret: string, timestamp: string, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
