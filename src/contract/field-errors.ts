import type { z } from 'zod';
import type { FieldError } from './problem.ts';
import { cutObjectAdvice, isCutList, isCutObject } from './request/cut-object.ts';
import { membersAt } from './request/schema-form.ts';
import { distance } from './text/distance.ts';
import { listed } from './text/listed.ts';

/** What holds the fields: its unknown ones are named after it. */
type Holder = 'body' | 'query';

/** zod's issues as the field errors of an answer, one a field, in words that say what to do. */
export function fieldErrorsOf(error: z.ZodError, schema: z.ZodType, holder: Holder = 'body'): FieldError[] {
  return oneEach(error.issues.flatMap((issue) => fieldErrors(issue, schema, holder)));
}

/** Of several faults of a field the first: whoever mends that one mends the field. */
export function oneEach(errors: readonly FieldError[]): FieldError[] {
  const byTarget = new Map<string | undefined, FieldError>();
  for (const error of errors) if (!byTarget.has(error.target)) byTarget.set(error.target, error);
  return [...byTarget.values()];
}

function fieldErrors(issue: z.core.$ZodIssue, schema: z.ZodType, holder: Holder): FieldError[] {
  const path = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return [fieldError('InvalidValue', inWords(issue, holder), path)];
  const known = membersAt(schema, issue.path);
  return issue.keys.map((key) =>
    fieldError('UnknownMember', unknown(key, known, holder), [path, key].filter(Boolean).join('.')),
  );
}

function unknown(key: string, known: readonly string[], holder: Holder): string {
  const near = known.find((each) => isNear(each.toLowerCase(), key.toLowerCase()));
  if (holder === 'query') {
    if (known.length === 0) return 'This call has no parameters: leave it out.';
    return near === undefined
      ? `This parameter is unknown: known are ${known.join(', ')}.`
      : `This parameter is unknown: did you mean "${near}"?`;
  }
  return near === undefined
    ? 'This member is unknown: leave it out.'
    : `This member is unknown: did you mean "${near}"?`;
}

const isNear = (known: string, key: string): boolean => {
  const most = known.length > 4 ? 2 : 1;
  return Math.abs(known.length - key.length) <= most && distance(known, key) <= most;
};

const kinds: Readonly<Record<string, string>> = {
  string: 'a text in double quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list, […]',
  object: 'an object, {…}',
};

const cuts: Readonly<Record<string, (input: unknown) => boolean>> = { array: isCutList, object: isCutObject };

/** The schema's own message or, where it has none, one of ours: zod's own are for programmers. */
function inWords(issue: z.core.$ZodIssue, holder: Holder): string {
  const { message } = issue;
  if (holder === 'query' && issue.code === 'invalid_type')
    return issue.input === undefined ? 'Give this parameter: the call needs it.' : 'Give this parameter once.';
  const isOurs = !/^(?:Invalid|Too |Unrecognized )/.test(message);
  if (issue.code === 'invalid_type') {
    if (cuts[issue.expected]?.(issue.input)) return cutObjectAdvice;
    return isOurs ? message : `Give ${kinds[issue.expected] ?? 'another value'}.`;
  }
  if (isOurs) return message;
  if (issue.code === 'invalid_value') return `Give ${listed(issue.values.map(String))}.`;
  return 'This value cannot be read: give another.';
}

function fieldError(code: string, message: string, target: string): FieldError {
  return target === '' ? { code, message } : { code, message, target };
}
