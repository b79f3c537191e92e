import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (Signature scheme) */
const LEAST_BYTES = 24;

/** The secrets that keys are made of, the newest first; `undefined` where one of them is no `whsec_` and base64. */
export function parseCallbackSecrets(text: string): readonly Buffer[] | undefined {
  const secrets = text.split(',').map((one) => parseSecret(one.trim()));
  return secrets.every((secret) => secret !== undefined) ? secrets : undefined;
}

function parseSecret(text: string): Buffer | undefined {
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  const secret = Buffer.from(encoded, 'base64');
  const isWhole = secret.toString('base64').replace(/=+$/, '') === encoded.replace(/=+$/, '');
  return isWhole && secret.length >= LEAST_BYTES ? secret : undefined;
}

/** The key for one receiver's origin: whoever has it can sign for no other receiver. */
export function callbackKey(secret: Buffer, origin: string): string {
  return PREFIX + createHmac('sha256', secret).update(origin).digest('base64');
}
