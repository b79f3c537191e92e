import { TIME_BIT } from './audit-rows.ts';
import type { Checkpoints, Head, SealState } from '../checkpoint/checkpoints.ts';
import { judgeRow, type Unlisted } from './compare-rows.ts';
import { isListable } from '../checkpoint/is-listable.ts';
import { eventKey, type ListedEvents } from './listed-events.ts';
import { readCheckpoints } from '../checkpoint/read-checkpoints.ts';
import type { SignatureCheck } from '../checkpoint/signing-key.ts';
import type { FaultList } from '../checkpoint/verification.ts';

interface Deps {
  readonly checkpoints: Pick<Checkpoints, 'read'>;
  readonly sealState: Pick<SealState, 'head' | 'waiting'>;
  readonly signatures: SignatureCheck;
  readonly faults: FaultList;
  readonly now: () => Date;
}

/** More waiting events than that are not told from inserted ones. */
const MAX_WAITING = 100_000;
/** Checkpoints that can be made while a verification runs: others verify, too. */
const MAX_NEWER = 100;

const inserted = ['inserted', 'No checkpoint lists this event.'] as const;
const unproven = ['unproven', 'No checkpoint that can be trusted lists this event.'] as const;
const tooMany = [
  'unproven',
  'More than 100 checkpoints were made while it was verified, which may list this event. Verify again.',
] as const;

/**
 * What is not listed may have been covered since the head, or be about to: then a newer checkpoint lists it, or its
 * marker stands. Answers the times of those that wait.
 */
export async function settleUnlisted(
  deps: Deps,
  listed: ListedEvents,
  unlisted: readonly Unlisted[],
  { head, whole }: { readonly head: Head; readonly whole: boolean },
): Promise<string[]> {
  const uncovered: string[] = [];
  if (unlisted.length === 0) return uncovered;
  // Markers first: one that goes in between goes because a checkpoint was made.
  const isWaiting = await waitingOnes(deps, unlisted);
  const isRead = await takeInNewer(deps, listed, head);
  const [kind, detail] = isRead ? (whole ? inserted : unproven) : tooMany;
  for (const { row, hash } of unlisted) {
    const { claim, place, content } = row;
    if (claim && listed.get(claim.chain, claim.sequence)) judgeRow(row, hash, listed, deps.faults);
    else if (content && isWaiting({ row, hash })) uncovered.push(content.time);
    else deps.faults.add(kind, place, detail);
  }
  return uncovered;
}

/**
 * An event waits for the next checkpoint when that will find it: where its marker says when it was, and with its row by
 * time, which is the last of its rows to be read here. Anything else a marker would excuse for ever.
 */
async function waitingOnes({ sealState, now }: Deps, unlisted: readonly Unlisted[]) {
  const markers = (await sealState.waiting(MAX_WAITING)).filter((marker) => isListable(marker, now()));
  const marked = new Set(markers.map(({ chain, sequence, time }) => `${eventKey(chain, sequence)} ${time}`));
  const keyOf = ({ row: { claim } }: Unlisted): string => (claim ? eventKey(claim.chain, claim.sequence) : '');
  const byTime = unlisted.filter(({ row }) => row.claim?.bit === TIME_BIT);
  const found = new Set(byTime.map((each) => `${keyOf(each)} ${each.hash}`));
  return (each: Unlisted): boolean =>
    marked.has(`${keyOf(each)} ${each.row.content?.time ?? ''}`) && found.has(`${keyOf(each)} ${each.hash}`);
}

/** `false`: there are too many, and none was read. */
async function takeInNewer(deps: Deps, listed: ListedEvents, { sequence }: Head): Promise<boolean> {
  const head = await deps.sealState.head();
  if (!head || head.sequence <= sequence) return true;
  if (head.sequence - sequence > MAX_NEWER) return false;
  for await (const checkpoint of readCheckpoints(deps, sequence + 1, head)) listed.add(checkpoint);
  return true;
}
