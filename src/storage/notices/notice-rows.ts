import type { TableEntity } from '@azure/data-tables';
import { z } from 'zod';
import { type About, type Notice, type NoticeKey, keyOf, noticeKeySchema, noticeSchema } from '../../notify/notice.ts';
import { shardOf } from '../table/check-keys.ts';

const keyText = ({ kind, id }: About): string => `${kind}!${id}!`;

export const placeOf = ({ about, to }: NoticeKey): { readonly partitionKey: string; readonly rowKey: string } => ({
  partitionKey: shardOf(about.id),
  rowKey: keyText(about) + to,
});

/** Keys of all notices of one end. The sign after `!` ends them. */
export function rangeOf(about: About): { readonly from: string; readonly to: string } {
  const from = keyText(about);
  return { from, to: `${from.slice(0, -1)}"` };
}

/** `lookAt` is what the sweeper looks at, and moves. */
export const toNoticeRow = (notice: Notice): TableEntity => ({
  ...placeOf(keyOf(notice)),
  lookAt: notice.dueAt,
  sweeps: 0,
  notice: JSON.stringify(notice),
});

const rowSchema = z.object({ notice: z.string() });

export const fromNoticeRow = (entity: unknown): Notice =>
  noticeSchema.parse(JSON.parse(rowSchema.parse(entity).notice));

/** The notice of a key; `undefined` where somebody else wrote the row. */
export function keyOfRow(rowKey: string): NoticeKey | undefined {
  const [kind, id, to] = rowKey.split('!');
  return noticeKeySchema.safeParse({ about: { kind, id }, to }).data;
}
