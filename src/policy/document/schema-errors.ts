import type { z } from 'zod';
import type { Fault } from './fault.ts';

/** What zod found, in words that say what to write; an unknown member has a path of its own. */
export function schemaErrors(issue: z.core.$ZodIssue): readonly Fault[] {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: 'is unknown here: correct the name or leave it out',
    }));
  }
  if (issue.code === 'invalid_key') return issue.issues.map((each) => ({ path, message: each.message }));
  if (issue.code !== 'invalid_type' || !message.startsWith('Invalid input')) return [{ path, message }];
  const wanted = `write ${shapes[issue.expected] ?? issue.expected}`;
  return [{ path, message: issue.input === undefined ? `is missing: ${wanted}` : wanted }];
}

const shapes: Readonly<Record<string, string>> = {
  string: 'a text, "…"',
  array: 'a list, […]',
  object: 'an object, {…}',
  record: 'an object, {…}',
};
