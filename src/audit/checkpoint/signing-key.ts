import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { sha256 } from './sha256.ts';

/** Checks signatures of those keys that it knows. */
export interface SignatureCheck {
  readonly knows: (keyId: string) => boolean;
  readonly accepts: (keyId: string, text: string, signature: string) => boolean;
}

/** Signs checkpoints with Ed25519 (RFC 8032). */
export interface SigningKey extends SignatureCheck {
  /** Names the key: the first 16 hex digits of its public JWK's hash. */
  readonly keyId: string;
  readonly sign: (text: string) => string;
}

const jwkSchema = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() });

const publicPem = /-{5}BEGIN PUBLIC KEY-{5}[^-]+-{5}END PUBLIC KEY-{5}/g;

/**
 * Reads an Ed25519 private key, as a JWK or as PKCS #8 in PEM, and beside it the public keys, in PEM, of former ones,
 * whose signatures are accepted too; `undefined` where the text is anything else.
 */
export function parseSigningKey(text: string): SigningKey | undefined {
  // A setting often has its line breaks as two characters.
  const lines = text.replaceAll('\\n', '\n');
  const privateKey = readKey(() => readPrivateKey(lines.replaceAll(publicPem, '').trim()));
  const former = readKey(() => readPublicKeys(lines));
  if (!privateKey || !former || ![privateKey, ...former].every(isEd25519)) return undefined;
  const publicKey = createPublicKey(privateKey);
  return {
    ...signatureCheck([publicKey, ...former]),
    keyId: keyIdOf(publicKey),
    sign: (signed) => sign(null, Buffer.from(signed), privateKey).toString('base64url'),
  };
}

/** All public keys in PEM that are in a text. */
export const readPublicKeys = (text: string): KeyObject[] =>
  (text.match(publicPem) ?? []).map((pem) => createPublicKey(pem));

/** Checks signatures with public keys, such as `openssl pkey -pubout` writes them. */
export function signatureCheck(publicKeys: readonly KeyObject[]): SignatureCheck {
  const keys = new Map(publicKeys.map((key) => [keyIdOf(key), key]));
  return {
    knows: (keyId) => keys.has(keyId),
    accepts: (keyId, text, signature) => {
      const key = keys.get(keyId);
      return key !== undefined && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
    },
  };
}

const keyIdOf = (key: KeyObject): string => sha256(canonicalJson(key.export({ format: 'jwk' }))).slice(0, 16);

const isEd25519 = ({ asymmetricKeyType }: KeyObject): boolean => asymmetricKeyType === 'ed25519';

/** One key and nothing else: OpenSSL passes over what follows the first, such as a former private key. */
function readPrivateKey(text: string): KeyObject | undefined {
  if (text.startsWith('{')) return createPrivateKey({ format: 'jwk', key: jwkSchema.parse(JSON.parse(text)) });
  return /^-{5}BEGIN PRIVATE KEY-{5}[^-]+-{5}END PRIVATE KEY-{5}$/.test(text) ? createPrivateKey(text) : undefined;
}

function readKey<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // What OpenSSL says of a bad key can quote it; that it is none is all that anybody may know.
    return undefined;
  }
}
