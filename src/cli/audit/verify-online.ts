import type { Verification } from '../../client/answers.ts';
import type { Audit } from '../../client/client.ts';

const DAY_MILLISECONDS = 86_400_000;

interface Order {
  readonly from: Date;
  readonly to: Date;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Verifies day after day, so that each call is small. */
export async function verifyOnline(audit: Pick<Audit, 'verification'>, order: Order): Promise<Verification> {
  const { from, to, progress, signal } = order;
  let whole: Verification = { valid: true, events: 0, pending: 0, faults: [], gaps: [] };
  for (let begin = from.getTime(); begin < to.getTime(); begin += DAY_MILLISECONDS) {
    const end = new Date(Math.min(to.getTime(), begin + DAY_MILLISECONDS)).toISOString();
    const day = await audit.verification({ from: new Date(begin).toISOString(), to: end, signal });
    whole = together(whole, day);
    progress(`${end.slice(0, 10)}: ${whole.events} events, ${whole.faults.length} faults`);
  }
  return whole;
}

function together(one: Verification, other: Verification): Verification {
  const provenUntil = other.provenUntil ?? one.provenUntil;
  return {
    valid: one.valid && other.valid,
    events: one.events + other.events,
    ...(provenUntil !== undefined && { provenUntil }),
    pending: one.pending + other.pending,
    faults: [...one.faults, ...other.faults],
    gaps: [...one.gaps, ...other.gaps],
  };
}
