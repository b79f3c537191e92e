import type { SigningKey } from '../../audit/checkpoint/signing-key.ts';
import { sha256 } from '../../contract/sha256.ts';

/** What a row says, column by column. */
type Said = readonly (string | undefined)[];

/** Signs what a row says, so that whoever can only write rows asks for nothing in anybody's name, and has nothing sent elsewhere. */
export const seal = ({ sign }: Pick<SigningKey, 'sign'>, kind: string, said: Said): Promise<string> =>
  sign(payloadOf(kind, said));

/** Whether it was this app that wrote what a row says. */
export async function isSealed(
  { verify }: Pick<SigningKey, 'verify'>,
  kind: string,
  said: Said,
  proof: string,
): Promise<boolean> {
  const [, payload = ''] = proof.split('.');
  const isSame = Buffer.from(payload, 'base64url').toString() === payloadOf(kind, said);
  return isSame && (await verify(proof)) === 'known';
}

const payloadOf = (kind: string, said: Said): string =>
  `${kind} ${sha256(JSON.stringify(said.map((each) => each ?? null)))}`;
