import type { ConnectivityInformation } from '../../arm/connectivity-information.ts';

/** How many probes there were, as far as Azure's counts can be believed. */
export interface Probes {
  /** Absent where Azure told none, or none that is a count. */
  readonly sent: number | undefined;
  /** Absent too where more failed than were sent. */
  readonly failed: number | undefined;
}

export function probesOf({
  probesSent,
  probesFailed,
}: Pick<ConnectivityInformation, 'probesSent' | 'probesFailed'>): Probes {
  const sent = isCount(probesSent) ? Math.max(0, probesSent) : undefined;
  const isPossible = sent !== undefined && isCount(probesFailed) && probesFailed >= 0 && probesFailed <= sent;
  return { sent, failed: isPossible ? probesFailed : undefined };
}

/** Whether a probe got through; `undefined` where the counts do not tell. */
export const someAnswered = ({ sent, failed }: Probes): boolean | undefined =>
  sent === undefined || failed === undefined ? undefined : failed < sent;

/** `66 of 66 probes were answered`, `12 of 100 probes failed (12 %)` */
export function probesInWords({ sent, failed }: Probes): string {
  if (sent === undefined) return 'Azure gave no count of its probes';
  if (sent === 0) return 'no probe was sent';
  if (failed === undefined) return `${plural(sent)} sent`;
  if (failed === 0) return `${sent} of ${plural(sent)} answered`;
  const percent = failed === sent ? '' : ` (${Math.min(99, Math.max(1, Math.round((100 * failed) / sent)))} %)`;
  return `${failed} of ${sent} ${sent === 1 ? 'probe' : 'probes'} failed${percent}`;
}

const plural = (count: number): string => (count === 1 ? '1 probe was' : `${count} probes were`);

const isCount = (count: number | undefined): count is number => count !== undefined && Number.isSafeInteger(count);
