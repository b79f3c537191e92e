import type { TableClient } from '@azure/data-tables';
import type { AuditPage } from '../../audit/audit-history.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { Problem } from '../../contract/problem.ts';
import { monthOfPartition } from './audit-keys.ts';
import { eventOfRow } from './audit-rows.ts';
import type { Row } from '../table/read-range.ts';

/**
 * The first `top` rows as a page. All rows are of one prefix, so the rest of the last one's key is where the next page
 * begins. Throws the Problem `InternalError` where a row is not as it was written.
 */
export function auditPage(audit: TableClient, rows: readonly Row[], top: number, prefix: string): AuditPage {
  const events = rows.slice(0, top).map((row) => eventOf(audit, row));
  const next = rows.length > top ? rows[top - 1]?.rowKey.slice(prefix.length) : undefined;
  return { events, ...(next === undefined ? {} : { next }) };
}

/** A row that was changed is not shown, and not left out in silence either: the page is refused. */
function eventOf(audit: TableClient, row: Row): AuditEvent {
  const event = eventOfRow(row);
  if (event) return event;
  const partition = String(row['partitionKey']);
  const changed = `The row ${audit.tableName}/${partition}/${row.rowKey} of the audit is not as it was written.`;
  const message = `${changed} Verify ${monthOfPartition(partition)}, and give \`from\` and \`to\` to ask without it.`;
  throw new Problem('InternalError', message, { cause: new Error(changed) });
}
