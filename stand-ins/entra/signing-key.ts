import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import { keptSecret } from '../kept/kept-secret.ts';

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** As a key set names it. */
  readonly keyId: string;
}

/** An RSA key for RS256; with a folder the one kept there, made at the first call and readable by its owner only. */
export async function signingKey(folder: string | undefined): Promise<SigningKey> {
  const privateKey = folder === undefined ? await newKey() : await keptKey(folder);
  return { privateKey, keyId: await calculateJwkThumbprint(await exportJWK(createPublicKey(privateKey))) };
}

async function newKey(): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey;
}

async function keptKey(folder: string): Promise<KeyObject> {
  const name = 'token-signing-key.pem';
  const pem = await keptSecret(folder, name, async () =>
    (await newKey()).export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  return readKey(join(folder, name), pem);
}

function readKey(file: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error(`${file} holds no private key. Delete it: a new one is made, and old tokens end.`, {
      cause: error,
    });
  }
}
