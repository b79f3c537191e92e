import { z } from 'zod';
import { jsonOf } from '../contract/json-of.ts';
import { type Room, roomSchema } from '../chat/request.ts';

const schema = z.strictObject({ check: z.uuid(), room: roomSchema.optional() });
type Value = z.infer<typeof schema>;

/** What Slack gives back with a click. Nothing in it is believed: who clicks is asked by policy. */
export const writeButtonValue = (check: string, room: Room | undefined): string =>
  JSON.stringify({ check, ...(room && { room }) } satisfies Value);

export const readButtonValue = (text: string): Value | undefined => schema.safeParse(jsonOf(text)).data;
