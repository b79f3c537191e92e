import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { CompactSign, compactVerify, decodeProtectedHeader, errors } from 'jose';
import { z } from 'zod';
import { canonicalJson } from '../../contract/canonical-json.ts';

/** Checks signatures of those keys that it knows. */
export interface SignatureCheck {
  /** Whose signature a JWS bears: one of these keys', another's, or none. */
  readonly verify: (jws: string) => Promise<'known' | 'unknown' | 'broken'>;
}

/** Signs checkpoints: Ed25519 (RFC 8032) in compact JWS (RFC 7515), the key named by its thumbprint (RFC 7638). */
export interface SigningKey extends SignatureCheck {
  readonly keyId: string;
  readonly sign: (payload: string) => Promise<string>;
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
  const keyId = keyIdOf(publicKey);
  return {
    ...signatureCheck([publicKey, ...former]),
    keyId,
    sign: (payload) =>
      new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg: 'EdDSA', kid: keyId }).sign(privateKey),
  };
}

/** All public keys in PEM that are in a text. */
export const readPublicKeys = (text: string): KeyObject[] =>
  (text.match(publicPem) ?? []).map((pem) => createPublicKey(pem));

/** Checks signatures with public keys, such as `openssl pkey -pubout` writes them. */
export function signatureCheck(publicKeys: readonly KeyObject[]): SignatureCheck {
  const keys = new Map(publicKeys.map((key) => [keyIdOf(key), key]));
  return {
    async verify(jws) {
      try {
        const key = keys.get(decodeProtectedHeader(jws).kid ?? '');
        if (!key) return 'unknown';
        await compactVerify(jws, key, { algorithms: ['EdDSA'] });
        return 'known';
      } catch (error) {
        // What is no JWS is a TypeError to the reader of its header.
        if (error instanceof errors.JOSEError || error instanceof TypeError) return 'broken';
        throw error;
      }
    },
  };
}

/** The thumbprint (RFC 7638) is the hash of the members that a key must have, in order: `crv`, `kty` and `x`. */
const keyIdOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(canonicalJson(key.export({ format: 'jwk' })))
    .digest('base64url');

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
