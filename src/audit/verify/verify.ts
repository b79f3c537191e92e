import type { AuditRows } from './audit-rows.ts';
import { noCheckpoint } from '../checkpoint/checkpoint.ts';
import { compareRows } from './compare-rows.ts';
import { type ListedEvents, listedEvents } from './listed-events.ts';
import { daysOf, type Period } from './period.ts';
import { readListings } from './read-listings.ts';
import { seal, type SealDeps } from '../seal/seal.ts';
import { settleUnlisted } from './settle-unlisted.ts';
import type { SignatureCheck } from '../checkpoint/signing-key.ts';
import { type FaultList, faultList, type Verification } from '../checkpoint/verification.ts';

export interface VerifyDeps extends SealDeps {
  readonly auditRows: AuditRows;
  readonly signatures: SignatureCheck;
}

/**
 * Holds the log to its checkpoints: the days of the period, whole. All that is there is covered first, so the report is
 * of everything that was written before the call. Throws `AuditUnavailable`, `StorageUnavailable`, and `InvalidRequest`
 * where there are more events than a call bears.
 */
export async function verify(given: VerifyDeps, period: Period): Promise<Verification> {
  await seal(given);
  const head = (await given.sealState.head()) ?? { sequence: 0, hash: noCheckpoint };
  const [firstDay, lastDay] = daysOf(period);
  const deps = { ...given, faults: faultList() };
  const listed = listedEvents((day) => day >= firstDay && (lastDay === undefined || day <= lastDay));
  const { provenUntil, whole } = await readListings(deps, listed, period, head);
  const { unlisted, events } = await compareRows(deps, listed, period);
  const uncovered = await settleUnlisted(deps, listed, unlisted, { head, whole });
  reportMissing(listed, deps.faults);
  const faults = deps.faults.all();
  return {
    valid: faults.length === 0,
    events,
    ...(provenUntil === undefined ? {} : { provenUntil: [provenUntil, ...uncovered].toSorted()[0] }),
    faults,
  };
}

function reportMissing(listed: ListedEvents, faults: FaultList): void {
  for (const [key, { day, seen, demanded }] of listed.entries()) {
    const [chain = '', sequence = ''] = key.split('!');
    const place = `event ${sequence} of ${chain} on ${day}`;
    if (seen === 0) faults.add('deleted', place, 'The event is listed and not there.');
    else if ((seen & demanded) !== demanded)
      faults.add('deleted', place, 'A row of the event is not there: some queries do not find it.');
  }
}
