import type { AuditEvent } from './event.ts';

/** Codes of refusals: of one by a rule, by a limit, and of those that share an event. */
export const refusalCodes = ['PolicyRefused', 'TooManyRequests', 'Repeated'] as const;

/** The code that an event is found by: why a check failed, or what the requester of a refused one was told. */
export const codeOf = ({ action, outcome }: Pick<AuditEvent, 'action' | 'outcome'>): string | undefined =>
  outcome?.code ?? (action === 'refused' ? refusalCodes[0] : undefined);
