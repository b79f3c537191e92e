import type { z } from 'zod';
import type { FieldError } from './problem.ts';

/** zod's issues as the field errors of an answer; an unknown member is named itself. */
export function fieldErrorsOf(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [fieldError('InvalidValue', issue.message, path)];
    return issue.keys.map((key) =>
      fieldError('UnknownMember', 'This member is unknown: leave it out.', [path, key].filter(Boolean).join('.')),
    );
  });
}

function fieldError(code: string, message: string, target: string): FieldError {
  return target === '' ? { code, message } : { code, message, target };
}
