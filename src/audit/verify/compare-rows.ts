import { type AuditRow, type AuditRows, TIME_BIT } from './audit-rows.ts';
import type { Listed, ListedEvents } from './listed-events.ts';
import { daysOf, type Period } from './period.ts';
import { sha256 } from '../checkpoint/sha256.ts';
import type { FaultList } from '../checkpoint/verification.ts';

interface Deps {
  readonly auditRows: AuditRows;
  readonly faults: FaultList;
}

/** More rows that no checkpoint lists are not told from inserted ones. */
const MAX_UNLISTED = 40_000;

/** Without its text: there can be many. */
type Row = Omit<AuditRow, 'text'>;

/** A row of no event that is listed so far. */
export interface Unlisted {
  readonly row: Row;
  readonly hash: string;
}

/** Holds every row of the days to what is listed; answers how many events of the period are as listed, and which rows are not listed. */
export async function compareRows(
  { auditRows, faults }: Deps,
  listed: ListedEvents,
  { from, to }: Period,
): Promise<{ readonly unlisted: readonly Unlisted[]; readonly events: number }> {
  const unlisted: Unlisted[] = [];
  let events = 0;
  const isWithin = (time: string): boolean =>
    time >= from.toISOString() && (to === undefined || time < to.toISOString());
  for await (const { text, ...row } of auditRows.between(...daysOf({ from, to }))) {
    const hash = sha256(text);
    const outcome = judgeRow(row, hash, listed, faults);
    if (outcome === 'unlisted' && unlisted.length < MAX_UNLISTED) unlisted.push({ row, hash });
    else if (outcome === 'unlisted') faults.add('inserted', row.place, 'No checkpoint lists this event.');
    else if (outcome === 'good' && row.claim?.bit === TIME_BIT && isWithin(row.content?.time ?? '')) events++;
  }
  return { unlisted, events };
}

/** Holds one row to what is listed of it, and notes that it was seen. */
export function judgeRow(row: Row, hash: string, listed: ListedEvents, faults: FaultList): 'good' | 'bad' | 'unlisted' {
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
  reportLate(row, known, listed, faults);
  return 'good';
}

/** Once for all rows of an event: it is there, and is what was listed, but nothing proves when it was written. */
function reportLate({ claim, content, place }: Row, known: Listed, listed: ListedEvents, faults: FaultList): void {
  const late = claim?.bit === TIME_BIT && content ? listed.whyLate(known, content.time) : undefined;
  if (late !== undefined) faults.add('late', place, late);
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
