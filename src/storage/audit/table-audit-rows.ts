import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { subjectOf } from '../../audit/audit-log.ts';
import type { AuditRow, AuditRows } from '../../audit/verify/audit-rows.ts';
import { auditActionSchema, auditTargetSchema } from '../../audit/event.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { rawReader, type RawReader } from '../table/raw-reader.ts';
import { eventRowKeys, monthBefore, monthOf, monthOfPartition, partitionOfMonth, readRowKey } from './audit-keys.ts';
import {
  type AuditTableRow,
  auditTableRow,
  ownColumns,
  textOf,
  textOfPointer,
  textOfRow,
  toPointerRows,
} from './audit-rows.ts';
import { DAY_MILLISECONDS } from '../../contract/time.ts';
import { toTextProperties } from '../table/text-properties.ts';

/** What decides where an event belongs, and its columns; of an event whose hash is right no more need be checked. */
const placedSchema = z.object({
  id: z.string(),
  time: z.iso.datetime(),
  action: auditActionSchema,
  checkId: z.string().optional(),
  requestId: z.string(),
  requester: z.object({ id: z.string() }),
  target: auditTargetSchema.pick({ source: true, destination: true, port: true, protocol: true }).strip(),
  decision: z.object({ rule: z.string().optional() }),
  outcome: z.object({ code: z.string().optional() }).optional(),
});

/** A month that is not asked for is passed over by that many rows; where stray ones stand, so many come at a time. */
const PASSED_ROWS = 50;

/** Rows of the audit's table, a page at a time: from month to month as there are any, and what stands between and beside them. */
export function tableAuditRows(audit: TableClient): AuditRows {
  const reader = rawReader(audit);
  const placeOf = ({ partitionKey, rowKey }: Pick<AuditTableRow, 'partitionKey' | 'rowKey'>): string =>
    `${audit.tableName}/${partitionKey}/${rowKey}`;
  const toRow = (row: AuditTableRow): AuditRow => auditRowOf(row, placeOf);
  return {
    placeOf: (key) => placeOf(eventRowKeys(key)),
    async *between(first, last) {
      for (let rest = "PartitionKey ge ''"; ;) {
        const { strays, month } = await upToMonth(reader, rest);
        yield lazily(strays, toRow);
        if (month === undefined) return;
        if (month >= monthOf(first) && (last === undefined || month <= monthOf(last)))
          for await (const page of reader.pages(filterOf(month, first, last)))
            yield lazily(page, (row) => toRow(auditTableRow(row)));
        rest = odata`PartitionKey gt ${partitionOfMonth(month)}`;
      }
    },
  };
}

/** One by one, so that what is made of a row is gone before the next: a page at once would outlive many collections. */
function* lazily<T>(page: Iterable<T>, toRow: (row: T) => AuditRow): Generator<AuditRow> {
  for (const row of page) yield toRow(row);
}

/** The rows that stand in no month, up to the next month that has any. */
async function upToMonth(reader: RawReader, filter: string) {
  const strays: AuditTableRow[] = [];
  for await (const page of reader.pages(filter, PASSED_ROWS))
    for (const row of page.map(auditTableRow)) {
      const month = monthOfPartition(row.partitionKey);
      if (month !== undefined) return { strays, month };
      strays.push(row);
    }
  return { strays, month: undefined };
}

/**
 * All of a month but what says that it is of another day of that month. What says no time, or one of another month, is
 * of every day, so that nobody hides a row by removing its time: an OData `not` holds for a column that is not there.
 */
function filterOf(month: string, first: string, last: string | undefined): string {
  const others = [
    [`${month}-01`, first],
    [last === undefined ? '' : dayAfter(last), `${monthBefore(month, -1)}-01`],
  ];
  const conditions = others
    .filter(([begin = '', end = '']) => begin.startsWith(month) && begin < end)
    .map(([begin, end]) => ` and not (${odata`time ge ${begin} and time lt ${end}`})`);
  return odata`PartitionKey eq ${partitionOfMonth(month)}` + conditions.join('');
}

const dayAfter = (day: string): string => new Date(Date.parse(day) + DAY_MILLISECONDS).toISOString().slice(0, 10);

/** A row that holds an event which it is not the own row of is misplaced. */
function auditRowOf(
  row: AuditTableRow,
  placeOf: (row: { readonly partitionKey: string; readonly rowKey: string }) => string,
): AuditRow {
  const { partitionKey, rowKey, columns } = row;
  const place = placeOf(row);
  const other = (isMisplaced = false): AuditRow => ({ place, text: textOfRow(row), isMisplaced });
  if (columns['event'] === undefined) return other();
  const text = textOf(columns);
  const event = placedSchema.safeParse(jsonOf(text)).data;
  if (!event) return other();
  const sequence = readRowKey(rowKey)?.sequence ?? 0;
  const own = eventRowKeys({ time: event.time, subject: subjectOf(event), sequence });
  if (partitionKey !== own.partitionKey || rowKey !== own.rowKey) return other(true);
  // Of which day it is cannot be told.
  if (columns['time'] !== event.time) return other();
  const isWhole = hasColumnsOf({ ...ownColumns(event), ...toTextProperties('event', text) }, columns);
  const pointers = toPointerRows({ sequence, event }).map((row) => ({ place: placeOf(row), text: textOfPointer(row) }));
  // Of a row with another column that whole row is what was edited; its pointers are as they were.
  return { place, event: { time: event.time, text: isWhole ? text : textOfRow(row), pointers } };
}

function hasColumnsOf(expected: Readonly<Record<string, unknown>>, columns: AuditTableRow['columns']): boolean {
  const names = Object.keys(columns);
  return names.length === Object.keys(expected).length && names.every((name) => columns[name] === expected[name]);
}
