import { type AuditFault, type FaultKind, faultKindSchema } from './verification.ts';

/** Of each kind, so that thousands of one hide none of another. */
const MAX_OF_A_KIND = 500;

interface Run {
  readonly kind: FaultKind;
  readonly detail: string;
  low: number;
  high: number;
}

/** Collects faults: neighbouring checkpoints with the same fault are one, and of each kind the first 500 are named. */
export function faultList() {
  const runs: Run[] = [];
  const faults = new Map<FaultKind, AuditFault[]>();
  const further = new Map<FaultKind, number>();

  function add(kind: FaultKind, place: string, detail: string): void {
    const named = faults.get(kind) ?? [];
    faults.set(kind, named);
    if (named.length < MAX_OF_A_KIND) named.push({ kind, place, detail });
    else further.set(kind, (further.get(kind) ?? 0) + 1);
  }

  return {
    add,
    addCheckpoint(kind: FaultKind, number: number, detail: string): void {
      const run = runs.find((each) => each.kind === kind && each.detail === detail && isBeside(each, number));
      if (!run) runs.push({ kind, detail, low: number, high: number });
      else [run.low, run.high] = [Math.min(run.low, number), Math.max(run.high, number)];
    },
    /** How many checkpoints have a fault so far. */
    checkpoints: (): number => runs.reduce((sum, { low, high }) => sum + high - low + 1, 0),
    /** By kind; those of checkpoints come first. */
    all(): AuditFault[] {
      for (const { kind, low, high, detail } of runs.splice(0).sort((a, b) => a.low - b.low))
        add(kind, low === high ? `checkpoint ${low}` : `checkpoints ${low}–${high}`, detail);
      const named = faultKindSchema.options.flatMap((kind) => faults.get(kind) ?? []);
      const more = [...further].map(([kind, count]): AuditFault => ({
        kind: 'further',
        place: kind,
        detail: `${count} more faults of this kind were found.`,
      }));
      return [...named, ...more];
    },
  };
}
export type FaultList = ReturnType<typeof faultList>;

const isBeside = ({ low, high }: Run, number: number): boolean => number >= low - 1 && number <= high + 1;
