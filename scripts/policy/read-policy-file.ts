import { readFile } from 'node:fs/promises';
import { type Policy, parsePolicy } from '../../src/policy/policy.ts';

export interface PolicyFile {
  readonly bytes: Buffer;
  readonly policy: Policy;
  readonly warnings: readonly string[];
}

/** Reads a policy as the app would. Throws one error that has every fault. */
export async function readPolicyFile(path: string): Promise<PolicyFile> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Error(`${path} cannot be read: copy policy.sample.json to it and say who may test what.`, {
      cause: error,
    });
  });
  const parsed = parsePolicy(bytes.toString());
  if (parsed.ok) return { bytes, policy: parsed.policy, warnings: parsed.warnings };
  throw new Error([`${path} is no policy:`, ...parsed.faults.map((fault) => `- ${fault}`)].join('\n'));
}
