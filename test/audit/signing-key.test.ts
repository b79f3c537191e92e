import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseSigningKey, signatureCheck } from '../../src/audit/signing-key.ts';
import { newSigningKey } from '../support/new-signing-key.ts';

describe('the signing key', () => {
  const pem = newSigningKey();
  const jwk = JSON.stringify(createPrivateKey(pem).export({ format: 'jwk' }));

  it('is the same as PEM, as PEM on one line, and as a JWK', () => {
    const [key, ...others] = [pem, pem.replaceAll('\n', '\\n'), ` ${jwk}\n`].map((text) => parseSigningKey(text)!);
    const signature = key!.sign('text');
    for (const other of others) {
      expect(other.keyId).toBe(key!.keyId);
      expect(other.accepts(key!.keyId, 'text', signature)).toBe(true);
      expect(other.accepts(key!.keyId, 'texts', signature)).toBe(false);
    }
  });

  it('knows no other key', () => {
    const [mine, other] = [parseSigningKey(pem)!, parseSigningKey(newSigningKey())!];
    expect(mine.knows(other.keyId)).toBe(false);
    expect(mine.accepts(other.keyId, 'text', other.sign('text'))).toBe(false);
    expect(signatureCheck([]).knows(mine.keyId)).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['no key', 'key'],
    ['a broken JWK', '{"kty":"OKP","crv":"Ed25519","x":"","d":""}'],
    ['JSON of something else', '[]'],
    ['a public key', JSON.stringify({ ...(JSON.parse(jwk) as object), d: undefined })],
    [
      'an RSA key',
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ],
  ])('is not read from %s', (_what, text) => {
    expect(parseSigningKey(text)).toBeUndefined();
  });
});
