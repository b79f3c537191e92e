import { generateKeyPairSync } from 'node:crypto';

/** A new Ed25519 private key in PEM. */
export const newSigningKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
