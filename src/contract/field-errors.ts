import type { z } from 'zod';
import type { FieldError } from './problem.ts';

/** zod's issues as the faults of an answer, one a field; an unknown member is named itself. */
export function fieldErrorsOf(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [fault('InvalidValue', issue.message, path)];
    return issue.keys.map((key) =>
      fault('UnknownMember', 'This member is unknown: leave it out.', [path, key].filter(Boolean).join('.')),
    );
  });
}

function fault(code: string, message: string, target: string): FieldError {
  return target === '' ? { code, message } : { code, message, target };
}
