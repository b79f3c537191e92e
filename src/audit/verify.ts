import type { AuditRow, AuditRows } from './audit-rows.ts';
import { TIME_BIT } from './audit-rows.ts';
import { noCheckpoint } from './checkpoint.ts';
import type { Head } from './checkpoints.ts';
import { reportLate } from './late-listings.ts';
import { eventKey, type Listed, type ListedEvents, listedEvents } from './listed-events.ts';
import { firstSince, readCheckpoints } from './read-checkpoints.ts';
import { seal, type SealDeps } from './seal.ts';
import { sha256 } from './sha256.ts';
import type { SignatureCheck } from './signing-key.ts';
import { type FaultList, faultList, type Verification } from './verification.ts';

export interface VerifyDeps extends SealDeps {
  readonly auditRows: AuditRows;
  readonly signatures: SignatureCheck;
}

export interface Period {
  readonly from: Date;
  /** Absent: up to all that was written before the call. */
  readonly to?: Date | undefined;
}

const HOUR_MILLISECONDS = 3_600_000;
/** An event is covered within minutes of its time; a clock that runs ahead, or a proxy that stood still, moves that. */
const MARGIN_BEFORE = HOUR_MILLISECONDS;
const MARGIN_AFTER = 48 * HOUR_MILLISECONDS;
/** More waiting events than that, or rows that no checkpoint lists, are not told from inserted ones. */
const MAX_WAITING = 100_000;
const MAX_UNLISTED = 40_000;

/**
 * Holds the log to its checkpoints: the days of the period, whole. All that is there is covered first, so the report is
 * of everything that was written before the call. Throws `AuditUnavailable`, `StorageUnavailable`, and `InvalidRequest`
 * where there are more events than a call bears.
 */
export async function verify(deps: VerifyDeps, { from, to }: Period): Promise<Verification> {
  await seal(deps);
  const head = (await deps.sealState.head()) ?? { sequence: 0, hash: noCheckpoint };
  const [firstDay, lastDay] = [dayOf(from), to && dayOf(new Date(to.getTime() - 1))];
  const faults = faultList();
  const listed = listedEvents((day) => day >= firstDay && (lastDay === undefined || day <= lastDay));
  const until = to && new Date(to.getTime() + MARGIN_AFTER);
  const read = await takeIn({ ...deps, faults }, listed, new Date(firstDay), until, head);
  const rows = await compare(deps, listed, faults, { from, to });
  const uncovered = await settleUnlisted({ ...deps, faults }, listed, rows.unlisted, read);
  reportMissing(listed, faults);
  const all = faults.all();
  return {
    valid: all.length === 0,
    events: rows.events,
    ...(read.provenUntil === undefined ? {} : { provenUntil: [read.provenUntil, ...uncovered].toSorted()[0] }),
    faults: all,
  };
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

interface Read {
  /** Number of the checkpoint to go on with. */
  next: number;
  provenUntil?: string;
  /** None was missing or changed so far. */
  whole: boolean;
}

type CheckpointDeps = VerifyDeps & { readonly faults: FaultList };

async function takeIn(
  deps: CheckpointDeps,
  listed: ListedEvents,
  from: Date,
  until: Date | undefined,
  head: Head,
): Promise<Read> {
  const before = deps.faults.count();
  const next = await firstSince(deps, new Date(from.getTime() - MARGIN_BEFORE), head);
  const read: Read = { next, whole: true };
  for await (const checkpoint of readCheckpoints(deps, next, head)) {
    listed.add(checkpoint);
    read.whole = deps.faults.count() === before;
    if (read.whole) read.provenUntil = checkpoint.time;
    read.next = checkpoint.sequence + 1;
    if (until && checkpoint.time > until.toISOString()) return read;
  }
  read.next = head.sequence + 1;
  read.whole = deps.faults.count() === before;
  return read;
}

/** Without its text: there can be many. */
type Row = Omit<AuditRow, 'text'>;

interface Unlisted {
  readonly row: Row;
  readonly hash: string;
}

async function compare({ auditRows }: VerifyDeps, listed: ListedEvents, faults: FaultList, { from, to }: Period) {
  const unlisted: Unlisted[] = [];
  let events = 0;
  const isWithin = (time: string): boolean =>
    time >= from.toISOString() && (to === undefined || time < to.toISOString());
  for await (const { text, ...row } of auditRows.between(dayOf(from), to && dayOf(new Date(to.getTime() - 1)))) {
    const hash = sha256(text);
    const outcome = judge(row, hash, listed, faults);
    if (outcome === 'unlisted' && unlisted.length < MAX_UNLISTED) unlisted.push({ row, hash });
    else if (outcome === 'unlisted') faults.add('inserted', row.place, 'No checkpoint lists this event.');
    else if (outcome === 'good' && row.claim?.bit === TIME_BIT && isWithin(row.content?.time ?? '')) events++;
  }
  return { unlisted, events };
}

/** Holds one row to what is listed of it, and notes that it was seen. */
function judge(row: Row, hash: string, listed: ListedEvents, faults: FaultList): 'good' | 'bad' | 'unlisted' {
  const { place, claim, content } = row;
  const known = claim && listed.get(claim.chain, claim.sequence);
  const bad = (kind: 'edited' | 'moved', detail: string): 'bad' => {
    faults.add(kind, place, detail);
    return 'bad';
  };
  if (!known) return judgeUnlisted(row, hash, listed, faults);
  if (known.day.startsWith(claim.month)) known.seen |= claim.bit;
  if (known.hash !== hash) {
    if (listed.withHash(hash)) return bad('moved', 'Another event of the checkpoints stands in this place.');
    return bad('edited', 'The event is not the one that its checkpoint lists.');
  }
  known.demanded = content?.bits ?? known.demanded;
  const contradiction = contradictionOf(content);
  if (contradiction) return bad(contradiction, contradictions[contradiction]);
  reportLateRow(row, known, faults);
  return 'good';
}

/** Once for all rows of an event. */
function reportLateRow({ claim, content, place }: Row, known: Listed, faults: FaultList): void {
  if (claim?.bit === TIME_BIT && content) reportLate(known, content.time, place, faults);
}

/** A row of no event that is listed for the period: one that contradicts itself is a fault whatever comes. */
function judgeUnlisted(
  { place, content }: Row,
  hash: string,
  listed: ListedEvents,
  faults: FaultList,
): 'bad' | 'unlisted' {
  const contradiction = listed.withHash(hash) ? 'moved' : content && contradictionOf(content);
  if (!contradiction) return 'unlisted';
  faults.add(contradiction, place, contradictions[contradiction]);
  return 'bad';
}

const contradictions = {
  moved: 'This event belongs to another place.',
  edited: 'A column says other than the event.',
} as const;

/** What place and columns of a row say against its event. */
function contradictionOf(content: Row['content']): keyof typeof contradictions | undefined {
  if (!content?.inPlace) return 'moved';
  return content.columnsAgree ? undefined : 'edited';
}

/** What is not listed may have been covered meanwhile, or be about to: then a marker stands, or a newer checkpoint lists it. Answers the times of those that wait. */
async function settleUnlisted(
  deps: CheckpointDeps,
  listed: ListedEvents,
  unlisted: readonly Unlisted[],
  read: Read,
): Promise<string[]> {
  const uncovered: string[] = [];
  if (unlisted.length === 0) return uncovered;
  // Markers first: one that goes in between goes because a checkpoint was made.
  const waiting = await deps.sealState.waiting(MAX_WAITING);
  const marked = new Set(waiting.map(({ chain, sequence }) => eventKey(chain, sequence)));
  await takeInNewer(deps, listed, read);
  for (const { row, hash } of unlisted) {
    const { claim, place, content } = row;
    if (claim && listed.get(claim.chain, claim.sequence)) judge(row, hash, listed, deps.faults);
    else if (!claim || !marked.has(eventKey(claim.chain, claim.sequence)))
      deps.faults.add(read.whole ? 'inserted' : 'unproven', place, 'No checkpoint lists this event.');
    else if (content) uncovered.push(content.time);
  }
  return uncovered;
}

async function takeInNewer(deps: CheckpointDeps, listed: ListedEvents, { next }: Read): Promise<void> {
  const head = await deps.sealState.head();
  if (!head || head.sequence < next) return;
  for await (const checkpoint of readCheckpoints(deps, next, head)) listed.add(checkpoint);
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
