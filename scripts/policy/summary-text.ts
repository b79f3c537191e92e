import type { PolicyFile } from './read-policy-file.ts';

/** What a policy is, in some lines: its hash as the audit has it, how much is in it, and what in it matches nobody. */
export function summaryText(file: string, { policy, warnings }: PolicyFile): string {
  const { hash, allowRules, denyRules, endpoints, contacts, callbacks, sets } = policy;
  return [
    `${file}: SHA-256 ${hash}`,
    `rules that allow: ${allowRules.length}, that deny: ${denyRules.length}; endpoints: ${endpoints.size}; contacts: ${contacts.length}; callbacks: ${callbacks.length}; sets: ${sets.size}`,
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join('\n');
}
