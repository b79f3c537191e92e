import type { SignatureCheck } from './signing-key.ts';

/** Whether a JWS says exactly that text, and one of the known keys has signed it. */
export async function isSignatureOf({ verify }: SignatureCheck, jws: string, text: string): Promise<boolean> {
  const [, payload = ''] = jws.split('.');
  return Buffer.from(payload, 'base64url').toString() === text && (await verify(jws)) === 'known';
}
