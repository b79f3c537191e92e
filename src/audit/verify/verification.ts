import { z } from 'zod';

/** What can be wrong. */
export const faultKindSchema = z.enum([
  /** A checkpoint is not there, or the one that was noted as the newest. */
  'checkpointMissing',
  /** Something else stands in a checkpoint's place, or where none belongs. */
  'checkpointChanged',
  /** A checkpoint is signed with a key that is not the proxy's. */
  'wrongKey',
  /** A row is not what it should be. */
  'edited',
  /** A listed event, or a pointer to one, is not there. */
  'deleted',
  /** An event stands where it does not belong. */
  'moved',
  /** There is a row that no checkpoint accounts for. */
  'inserted',
  /** The same, but a checkpoint that could is missing or cannot be trusted. */
  'unproven',
  /** An event's time is not the time at which a checkpoint listed it. */
  'late',
  /** There are more faults of a kind than a report names. */
  'further',
]);
export type FaultKind = z.infer<typeof faultKindSchema>;

const faultSchema = z.strictObject({ kind: faultKindSchema, place: z.string(), detail: z.string() });
export type AuditFault = z.infer<typeof faultSchema>;

const gapSchema = z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() });
export type Gap = z.infer<typeof gapSchema>;

export const verificationSchema = z.strictObject({
  valid: z.boolean(),
  events: z.int().describe('Events within the time that was asked for that are as they should be.'),
  provenUntil: z.iso
    .datetime()
    .optional()
    .describe(
      'Time up to which no checkpoint is missing or changed and every event is covered; absent where there is none.',
    ),
  pending: z.int().describe('Events that the next checkpoint will cover.'),
  faults: z.array(faultSchema),
  gaps: z
    .array(gapSchema)
    .describe(
      'More than an hour between two checkpoints: the proxy stood still, or they were taken away together. `to` is before `from` where a clock was wrong.',
    ),
});
export type Verification = z.infer<typeof verificationSchema>;
