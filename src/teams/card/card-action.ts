import { z } from 'zod';
import type { Execute } from './card.ts';

const id = z.uuid().toLowerCase();

/** What a button asks for. It comes back from the client, so it names things, and proves nothing. */
const cardActionSchema = z.union([
  z.strictObject({ verb: z.enum(['again', 'cancel', 'share-here']), check: id }),
  z.strictObject({ verb: z.literal('path'), check: id }),
  /** The asker's own card, which Teams asks for by itself. */
  z.strictObject({ verb: z.literal('see'), request: id }),
]);
export type CardAction = z.infer<typeof cardActionSchema>;

const valueSchema = z.object({
  action: z.object({ verb: z.string(), data: z.record(z.string(), z.unknown()).nullish() }),
});

export const cardAction = (title: string, { verb, ...data }: CardAction): Execute => ({
  ...{ type: 'Action.Execute', title, verb, data },
});

/** What was clicked; `undefined` where it is no button of ours. */
export function cardActionIn(value: unknown): CardAction | undefined {
  const { data } = valueSchema.safeParse(value);
  return data && cardActionSchema.safeParse({ ...data.action.data, verb: data.action.verb }).data;
}
