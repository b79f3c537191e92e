import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseSigningKey, signatureCheck } from '../../src/audit/checkpoint/signing-key.ts';
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

  it('accepts what former keys signed, and signs with its own, in whatever form and order they are given', () => {
    const former = [newSigningKey(), newSigningKey()];
    const publicPems = former.map((each) => createPublicKey(each).export({ type: 'spki', format: 'pem' }).toString());
    const [own, stranger] = [parseSigningKey(pem)!, parseSigningKey(newSigningKey())!];
    for (const text of [
      [pem, ...publicPems],
      [jwk, ...publicPems],
      [...publicPems, pem],
    ].map((all) => all.join('\n')))
      for (const given of [text, text.replaceAll('\n', '\\n')]) {
        const key = parseSigningKey(given)!;
        expect(key.keyId).toBe(own.keyId);
        for (const each of [own, ...former.map((one) => parseSigningKey(one)!)]) {
          expect(key.knows(each.keyId)).toBe(true);
          expect(key.accepts(each.keyId, 'text', each.sign('text'))).toBe(true);
          expect(key.accepts(each.keyId, 'texts', each.sign('text'))).toBe(false);
        }
        expect(key.knows(stranger.keyId)).toBe(false);
      }
  });

  const rsa = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  it.each([
    ['nothing', ''],
    ['two private keys', pem + newSigningKey()],
    ['a public key of another kind beside it', pem + rsa.publicKey],
    ['a broken public key beside it', `${pem}-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n`],
    ['a public key alone, in PEM', createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString()],
    ['no key', 'key'],
    ['a broken JWK', '{"kty":"OKP","crv":"Ed25519","x":"","d":""}'],
    ['JSON of something else', '[]'],
    ['a public key', JSON.stringify({ ...(JSON.parse(jwk) as object), d: undefined })],
    ['an RSA key', rsa.privateKey],
  ])('is not read from %s', (_what, text) => {
    expect(parseSigningKey(text)).toBeUndefined();
  });
});
