import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseSigningKey, signatureCheck } from '../../src/audit/checkpoint/signing-key.ts';
import { newSigningKey } from '../support/new-signing-key.ts';

describe('the signing key', () => {
  const pem = newSigningKey();
  const jwk = JSON.stringify(createPrivateKey(pem).export({ format: 'jwk' }));

  /** The same signature under another payload. */
  const altered = (jws: string): string => {
    const [header, , signature] = jws.split('.');
    return [header, Buffer.from('texts').toString('base64url'), signature].join('.');
  };

  it('is the same as PEM, as PEM on one line, and as a JWK', async () => {
    const [key, ...others] = [pem, pem.replaceAll('\n', '\\n'), ` ${jwk}\n`].map((text) => parseSigningKey(text)!);
    const jws = await key!.sign('text');
    for (const other of others) {
      expect(other.keyId).toBe(key!.keyId);
      expect(await other.verify(jws)).toBe('known');
      expect(await other.verify(altered(jws))).toBe('broken');
    }
  });

  it('is named by its RFC 7638 thumbprint', () => {
    // The example of RFC 8037, appendix A.3.
    const d = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A';
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    const key = parseSigningKey(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', d, x }))!;
    expect(key.keyId).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('knows no other key', async () => {
    const [mine, other] = [parseSigningKey(pem)!, parseSigningKey(newSigningKey())!];
    expect(await mine.verify(await other.sign('text'))).toBe('unknown');
    expect(await signatureCheck([]).verify(await mine.sign('text'))).toBe('unknown');
    for (const text of ['', 'a.b.c', '{}', 'null']) expect(await mine.verify(text)).toBe('broken');
  });

  it('accepts what former keys signed, and signs with its own, in whatever form and order they are given', async () => {
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
          expect(await key.verify(await each.sign('text'))).toBe('known');
          expect(await key.verify(altered(await each.sign('text')))).toBe('broken');
        }
        expect(await key.verify(await stranger.sign('text'))).toBe('unknown');
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
