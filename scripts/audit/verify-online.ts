import { type Verification, verificationSchema } from '../../src/audit/verify/verification.ts';
import type { Api } from './ask-api.ts';

const DAY_MILLISECONDS = 86_400_000;

interface Order {
  readonly from: Date;
  readonly to: Date;
  readonly progress: (text: string) => void;
}

/** Verifies day after day, so that each call is small. */
export async function verifyOnline(api: Api, { from, to, progress }: Order): Promise<Verification> {
  const whole: Verification = { valid: true, events: 0, pending: 0, faults: [], gaps: [] };
  for (let begin = from.getTime(); begin < to.getTime(); begin += DAY_MILLISECONDS) {
    const end = Math.min(to.getTime(), begin + DAY_MILLISECONDS);
    const period = new URLSearchParams({ from: new Date(begin).toISOString(), to: new Date(end).toISOString() });
    const { body } = await api.get(`/api/audit/verification?${period.toString()}`, 'application/json');
    const report = verificationSchema.parse(JSON.parse(body.toString()));
    whole.valid &&= report.valid;
    whole.events += report.events;
    whole.pending += report.pending;
    whole.faults.push(...report.faults);
    whole.gaps.push(...report.gaps);
    if (report.provenUntil !== undefined) whole.provenUntil = report.provenUntil;
    progress(`${new Date(begin).toISOString().slice(0, 10)}: ${whole.events} events, ${whole.faults.length} faults`);
  }
  return whole;
}
