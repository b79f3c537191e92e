import { z } from 'zod';

/** What can be wrong. */
export const faultKindSchema = z.enum([
  /** A row is not what its checkpoint lists, or a column says other than its event. */
  'edited',
  /** A listed event, or one of its rows, is not there. */
  'deleted',
  /** An event stands where it does not belong. */
  'moved',
  /** No checkpoint lists it, and none is due to. */
  'inserted',
  /** It was listed long after its time, although checkpoints were made meanwhile. */
  'late',
  /** Nothing lists it, and a checkpoint that could have is missing or cannot be trusted. */
  'unproven',
  'checkpointMissing',
  'checkpointChanged',
  /** A checkpoint is signed with a key that is not the proxy's. */
  'wrongKey',
  /** There are more faults than a report names. */
  'further',
]);
export type FaultKind = z.infer<typeof faultKindSchema>;

export const verificationSchema = z.strictObject({
  valid: z.boolean(),
  /** Events within the time that was asked for, as far as checkpoints list them. */
  events: z.int(),
  /** Time of the newest checkpoint up to which none is missing or changed; absent where there is none. */
  provenUntil: z.iso.datetime().optional(),
  faults: z.array(z.strictObject({ kind: faultKindSchema, place: z.string(), detail: z.string() })),
});
export type Verification = z.infer<typeof verificationSchema>;
export type AuditFault = Verification['faults'][number];

const MAX_FAULTS = 1000;

/** Collects faults, and beyond the thousandth only counts them. */
export function faultList() {
  const faults: AuditFault[] = [];
  let further = 0;
  return {
    add: (kind: FaultKind, place: string, detail: string): void => {
      if (faults.length < MAX_FAULTS) faults.push({ kind, place, detail });
      else further++;
    },
    count: (): number => faults.length + further,
    all: (): AuditFault[] =>
      further === 0
        ? faults
        : [...faults, { kind: 'further', place: '', detail: `${further} more faults were found.` }],
  };
}
export type FaultList = ReturnType<typeof faultList>;
