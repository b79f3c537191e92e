import type { AuditFilter } from '../../audit/audit-history.ts';
import { refusalCodes } from '../../audit/code-of.ts';
import type { AuditAction } from '../../audit/event.ts';
import type { FieldError, ProblemCode } from '../../contract/problem.ts';
import { failureCodes } from './check-contradictions.ts';

/** Codes that an event can have. */
export const eventCodes: readonly (ProblemCode | (typeof refusalCodes)[number])[] = [
  ...new Set([...refusalCodes, ...failureCodes]),
];

const withCode: readonly AuditAction[] = ['failed', 'refused'];
const withoutCheck: readonly AuditAction[] = ['refused', 'exported'];

/** What no event can be: one that only reads has no code, one that was refused no check. */
export function auditContradictions({ actions, codes, checkId }: AuditFilter): FieldError[] {
  if (!actions) return [];
  const faults: FieldError[] = [];
  if (codes && !actions.some((action) => withCode.includes(action)))
    faults.push(fault('code', 'Only the actions failed and refused have a code: leave one of the two out.'));
  if (checkId !== undefined && actions.every((action) => withoutCheck.includes(action)))
    faults.push(fault('checkId', `What was ${actions.join(' or ')} has no check: leave one of the two out.`));
  return faults;
}

const fault = (target: string, message: string): FieldError => ({ code: 'InvalidValue', message, target });
