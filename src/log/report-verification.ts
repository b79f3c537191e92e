import type { Log } from './log.ts';

/** What a verification of the audit found, as the alert on it reads it. */
export function reportVerification(
  log: Log,
  report: { valid: boolean; events: number; faults: readonly unknown[] },
): void {
  const { valid, events, faults } = report;
  const line = { valid, events, faults: faults.length };
  if (valid) log.info('audit verified', line);
  else log.error('audit verified', line);
}
