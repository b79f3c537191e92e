import { isSigned } from '../../audit/checkpoint/signed-text.ts';
import type { SignatureCheck, SigningKey } from '../../audit/checkpoint/signing-key.ts';
import { blankProbeHeaders } from '../../check/state/blank-probe-headers.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { sha256 } from '../../contract/sha256.ts';
import type { CheckSet, Member } from './set.ts';

type Asked = Omit<CheckSet, 'proof'>;

/** Signs who asked for what, so that whoever can only write rows asks for nothing in anybody's name. */
export const prove = ({ sign }: SigningKey, set: Asked, members: readonly Member[]): Promise<string> =>
  sign(textOf(set, members));

/** Whether the rows of a set are what was asked for. Values of probe headers go, so they are no part of it. */
export const isProven = (key: SignatureCheck, set: CheckSet, members: readonly Member[]): Promise<boolean> =>
  isSigned(key, set.proof, textOf(set, members));

function textOf({ id, name, caller, origin, createdAt }: Asked, members: readonly Member[]): string {
  const asked = members.map(({ index, request, networkWatcher, reason, rerunOf }) => {
    return { index, request: blankProbeHeaders(request), networkWatcher, reason, rerunOf };
  });
  return `set ${sha256(canonicalJson({ id, name, caller, origin, createdAt, asked }))}`;
}
