import type { AuditFilter } from '../../audit/audit-history.ts';
import { refusalCodes } from '../../audit/code-of.ts';
import type { AuditAction } from '../../audit/event.ts';
import { callbackStatusSchema } from '../../contract/answer/callback-view.ts';
import type { FieldError, ProblemCode } from '../../contract/problem.ts';
import { listed } from '../../contract/text/listed.ts';
import { failureCodes } from './check-contradictions.ts';

/** How a callback ended. */
const callbackCodes = callbackStatusSchema.exclude(['pending']).options;

/** Codes that an event can have. */
export const eventCodes: readonly (ProblemCode | (typeof refusalCodes)[number] | (typeof callbackCodes)[number])[] = [
  ...new Set([...refusalCodes, ...failureCodes, ...callbackCodes]),
];

const withCode: readonly AuditAction[] = ['failed', 'refused', 'exported'];

/** What no event can be: one that only reads has no code, one of what was refused no check. */
export function auditContradictions({ actions, codes, checkId }: AuditFilter): FieldError[] {
  if (!actions) return [];
  const faults: FieldError[] = [];
  if (codes && !actions.some((action) => withCode.includes(action)))
    faults.push(fault('code', `Only the actions ${listed(withCode)} have a code: leave one of the two out.`));
  if (checkId !== undefined && actions.every((action) => action === 'refused'))
    faults.push(fault('checkId', 'What was refused has no check: leave one of the two out.'));
  return faults;
}

const fault = (target: string, message: string): FieldError => ({ code: 'InvalidValue', message, target });
