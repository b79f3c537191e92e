import type { SignatureCheck } from './signing-key.ts';

/** Whether the JWS is of this very text, and by one of the keys. */
export async function isSigned({ verify }: SignatureCheck, jws: string, text: string): Promise<boolean> {
  const [, payload = ''] = jws.split('.');
  return Buffer.from(payload, 'base64url').toString() === text && (await verify(jws)) === 'known';
}
