import type { Checkpoint, CheckpointEntry } from '../checkpoint/checkpoint.ts';
import { lateness } from './lateness.ts';
import { type Days, isOfDays } from './period.ts';
import { type ChainDeps, type ChainRange, readChain } from './read-chain.ts';

/** Tells each event of the days that the checkpoints list; answers what is known once all are read. */
export async function readListed(
  deps: ChainDeps,
  range: ChainRange,
  days: Days,
  visit: (entry: CheckpointEntry) => void,
) {
  const late = lateness();
  let [proven, newest, oldest]: (Checkpoint | undefined)[] = [];
  let faulty = 0;
  for await (const checkpoint of readChain(deps, range)) {
    // Newest first: what comes after a fault is older, and proven only up to there.
    if (deps.faults.checkpoints() > faulty) [proven, faulty] = [undefined, deps.faults.checkpoints()];
    proven ??= checkpoint;
    newest ??= checkpoint;
    oldest = checkpoint;
    late.add(checkpoint);
    for (const entry of checkpoint.events) if (isOfDays(days, entry[0])) visit(entry);
  }
  const provenUntil = deps.faults.checkpoints() > faulty ? undefined : proven?.time;
  return { late, provenUntil, newest: newest?.time, oldest: oldest?.time };
}
