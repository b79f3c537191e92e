import type { CallbackDocument } from '../document/policy-document.ts';
import type { Condition } from '../rule/condition.ts';
import { bindsRequester } from '../rule/requester-condition.ts';
import { parseCallbackPattern } from './callback-pattern.ts';

/** Where some requesters may have the proxy call back. */
export interface CallbackRule {
  readonly written: CallbackDocument;
  readonly matches: (url: URL) => boolean;
  readonly requester: Condition;
}

export function compileCallback(written: CallbackDocument): CallbackRule {
  const pattern = parseCallbackPattern(written.url);
  if ('fault' in pattern) throw new Error(`${pattern.fault}: parsePolicy should have named it`);
  const { requesters } = written;
  return { written, matches: pattern.matches, requester: bindsRequester({ requesters }) };
}

/** Whether nothing that is sent there is encrypted, which is for this machine alone. */
export const isPlainHttp = ({ written }: CallbackRule): boolean => /^http:/i.test(written.url);
