import type { Log } from './log.ts';

interface Report {
  readonly valid: boolean;
  readonly events: number;
  readonly pending: number;
  readonly faults: readonly unknown[];
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
}

/** What a verification of the audit found, as the alert on it reads it. */
export function reportVerification(log: Log, report: Report): void {
  const { valid, events, pending, faults, gaps } = report;
  const line = { valid, events, pending, faults: faults.length, gaps: gaps.length };
  if (valid) log.info('audit verified', line);
  else log.error('audit verified', line);
  for (const { from, to } of gaps) log.warn('No checkpoint was made for more than an hour.', { from, to });
}
