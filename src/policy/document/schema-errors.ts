import type { z } from 'zod';

/** What zod found, each as `rules[0].ports[1]: what to write`; an unknown member has a path of its own. */
export function schemaErrors(issue: z.core.$ZodIssue): readonly string[] {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${pathText([...issue.path, key])}: is unknown here: correct the name or leave it out`,
    );
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${path}: ${message}`);
  return [`${path}: ${issue.message}`];
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text === '' ? 'the policy' : text.replace(/^\./, '');
}
