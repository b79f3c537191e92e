import { z } from 'zod';
import { jsonOf } from '../contract/json-of.ts';

// Real codes and messages carry leading blanks.
const word = z.unknown().transform((value) => (typeof value === 'string' ? value.trim() : value));
const details = z.array(z.unknown()).transform((items) => items.map((item) => detail.safeParse(item).data ?? item));
const detail = z.looseObject({ code: word.optional(), message: word.optional() });
const error = z.looseObject({
  code: word.optional(),
  message: word.optional(),
  details: z.union([details, z.unknown()]).optional(),
});
// An operation's state can have its error within.
const answer = z.union([
  z.looseObject({ error }).transform((body) => body.error),
  z.looseObject({ properties: z.looseObject({ error }) }).transform((body) => body.properties.error),
]);

/** One code and message of an error, or of one of its details. */
export interface ArmErrorEntry {
  readonly code: string;
  readonly message: string;
}

export interface ArmError {
  /** ARM's error object as it came, but for blanks around codes and messages. */
  readonly value: unknown;
  /** Its own code, if any. */
  readonly code: string | undefined;
  /** The error itself and then its details. */
  readonly entries: readonly ArmErrorEntry[];
}

/** ARM's error in a body `{"error": {…}}`, or in an operation's `properties`; `undefined` for any other body. */
export function armError(body: string): ArmError | undefined {
  const value = answer.safeParse(jsonOf(body)).data;
  if (value === undefined) return undefined;
  const inner = details.safeParse(value.details).data ?? [];
  return { value, code: entry(value)[0]?.code, entries: [value, ...inner].flatMap(entry) };
}

function entry(value: unknown): ArmErrorEntry[] {
  const { code, message } = detail.safeParse(value).data ?? {};
  if (typeof code !== 'string') return [];
  return [{ code, message: typeof message === 'string' ? message : '' }];
}
