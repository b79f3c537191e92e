import { z } from 'zod';
import { jsonOf } from '../../contract/json-of.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { sha256 } from './sha256.ts';
import type { SigningKey } from './signing-key.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** An event as a checkpoint lists it: its day, its chain, its sequence there, and the SHA-256 of its canonical JSON. */
export const listingSchema = z.tuple([z.iso.date(), z.uuid(), z.int().min(1), hash]);
export type Listing = z.infer<typeof listingSchema>;

/** Proves that the listed events were there at that time. Each names the one before, so that none can be left out. */
export const checkpointSchema = z.strictObject({
  /** From 1, without a gap. */
  sequence: z.int().min(1),
  /** By the sealer's clock, and never before the previous one's. */
  time: z.iso.datetime(),
  /** SHA-256 of the text of the checkpoint before; 64 zeros in the first. */
  previous: hash,
  events: z.array(listingSchema),
  /** The newest checkpoint before it that lists an event of days before, so that these are found without reading all; 0 where none does. */
  late: z.int().min(0),
  /** Which key signed. */
  key: z.string(),
  /** Ed25519 over the canonical JSON of all other members, base64url. */
  signature: z.string(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

export const noCheckpoint = '0'.repeat(64);

/** The text of a checkpoint as it is kept; its bytes are what the next one names. */
export function writeCheckpoint(key: SigningKey, content: Omit<Checkpoint, 'key' | 'signature'>): string {
  const signed = { ...content, key: key.keyId };
  return canonicalJson({ ...signed, signature: key.sign(canonicalJson(signed)) });
}

export const hashOfCheckpoint = sha256;

/** What was signed. */
export function signedText({ sequence, time, previous, events, late, key }: Checkpoint): string {
  return canonicalJson({ sequence, time, previous, events, late, key });
}

/** A checkpoint of its text; `undefined` where it is none, or not to the letter. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const parsed = checkpointSchema.safeParse(jsonOf(text));
  return parsed.success && canonicalJson(parsed.data) === text ? parsed.data : undefined;
}
