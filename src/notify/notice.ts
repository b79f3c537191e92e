import { z } from 'zod';

const recipientSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('callback'), url: z.string() }),
]);
export type Recipient = z.infer<typeof recipientSchema>;

/** What names a notice: whose end is told, and to which kind of recipient. A message has no more. */
export const noticeKeySchema = z.strictObject({
  /** Of what has an end: a check, or a set of checks. */
  about: z.strictObject({ kind: z.enum(['check', 'set']), id: z.uuid() }),
  to: z.enum(['callback']),
});
export type NoticeKey = z.infer<typeof noticeKeySchema>;
export type About = NoticeKey['about'];

/** Somebody who must be told of an end. It is there before the end can be, and gone when they know. */
export const noticeSchema = z.strictObject({
  about: noticeKeySchema.shape.about,
  to: recipientSchema,
  /** Nothing is done before it. As long as nothing has ended: when to look whether that is still to come. */
  dueAt: z.iso.datetime(),
  /** Tries that were begun. */
  attempts: z.int(),
});
export type Notice = z.infer<typeof noticeSchema>;

export const keyOf = ({ about, to }: Notice): NoticeKey => ({ about, to: to.kind });
