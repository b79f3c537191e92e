import { z } from 'zod';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { sha256 } from '../../contract/sha256.ts';
import type { SigningKey } from './signing-key.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const MAX_SEQUENCE = 999_999;
/** The names of checkpoints have nine digits. */
const MAX_NUMBER = 999_999_999;

/** An event as a checkpoint lists it: its time, its subject, its sequence there, and the SHA-256 of its canonical JSON. */
export const entrySchema = z.tuple([z.iso.datetime(), z.uuid(), z.int().min(1).max(MAX_SEQUENCE), hash]);
export type CheckpointEntry = z.infer<typeof entrySchema>;

/** Names a checkpoint: its number, and the SHA-256 of its text. */
export interface Head {
  readonly number: number;
  readonly hash: string;
}

/** Proves that the listed events were there at that time. It has no names: what is in immutable storage can be forgotten by nobody. */
export const checkpointSchema = z.strictObject({
  number: z.int().min(1).max(MAX_NUMBER),
  /** By storage's clock. */
  time: z.iso.datetime(),
  /** The checkpoint before. Its number is one less, but where a blob that is none of ours stood in the way. */
  previous: z.strictObject({ number: z.int().min(0), hash }),
  events: z.array(entrySchema),
  /** What was noted as the newest when this one was made, where no such checkpoint was there: somebody had changed something. */
  lost: z.strictObject({ number: z.int().min(0), hash: z.string() }).optional(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** What the first checkpoint names as the one before. */
export const noCheckpoint: Head = { number: 0, hash: '0'.repeat(64) };

/** The text of a checkpoint as it is kept: a JWS (RFC 7515) of its canonical JSON. The next one names its hash. */
export const writeCheckpoint = (key: SigningKey, checkpoint: Checkpoint): Promise<string> =>
  key.sign(canonicalJson(checkpoint));

export const headOf = (number: number, text: string): Head => ({ number, hash: sha256(text) });

/** What the text says, whoever signed it; `undefined` where it is no checkpoint of that number. */
export function readCheckpoint(number: number, text: string): Checkpoint | undefined {
  const payload = Buffer.from(text.split('.')[1] ?? '', 'base64url').toString();
  const { data } = checkpointSchema.safeParse(jsonOf(payload));
  return data?.number === number && data.previous.number < number ? data : undefined;
}
