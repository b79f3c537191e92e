import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { keptSecret } from './kept-secret.ts';

/** The Ed25519 key that is kept in the folder, in PEM. */
export function auditSigningKey(folder: string): Promise<string> {
  return keptSecret(folder, 'audit-signing-key.pem', async () => {
    const { privateKey } = await promisify(generateKeyPair)('ed25519');
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  });
}
