import { escaped, escapeHidden } from '../../contract/text/escape-hidden.ts';
import type { AuditEvent } from '../event.ts';

type Cell = string | number | boolean | undefined;

/** Columns of the export, in order. */
const columns: readonly (readonly [name: string, cell: (event: AuditEvent) => Cell])[] = [
  ['id', ({ id }) => id],
  ['time', ({ time }) => time],
  ['action', ({ action }) => action],
  ['checkId', ({ checkId }) => checkId],
  ['requesterId', ({ requester }) => requester.id],
  ['requesterName', ({ requester }) => requester.name],
  ['requesterKind', ({ requester }) => requester.kind],
  ['via', ({ requester }) => requester.via],
  ['agent', ({ requester }) => requester.agent],
  ['deputy', ({ deputy }) => deputy],
  ['sourceAddress', ({ sourceAddress }) => sourceAddress],
  ['source', ({ target }) => target.source],
  ['destination', ({ target }) => target.destination],
  ['port', ({ target }) => target.port],
  ['protocol', ({ target }) => target.protocol],
  ['networkWatcher', ({ target }) => target.networkWatcher],
  ['resource', ({ target }) => target.resource],
  ['allowed', ({ decision }) => decision.allowed],
  ['rule', ({ decision }) => decision.rule],
  ['decisionReason', ({ decision }) => decision.reason],
  ['policy', ({ decision }) => decision.policy],
  ['outcomeCode', ({ outcome }) => outcome?.code],
  ['reachability', ({ outcome }) => outcome?.reachability],
  ['reasons', ({ outcome }) => outcome?.reasons?.join(' ')],
  ['count', ({ outcome }) => outcome?.count],
  ['armStatus', ({ arm }) => arm?.status],
  ['armRequestId', ({ arm }) => arm?.requestId],
  ['armCorrelationId', ({ arm }) => arm?.correlationId],
  ['attempt', ({ attempt }) => attempt],
  ['requestId', ({ requestId }) => requestId],
  ['traceparent', ({ traceparent }) => traceparent],
  ['reason', ({ reason }) => reason],
  ['roles', ({ decision }) => decision.roles?.join(' ')],
  ['groups', ({ decision }) => decision.groups?.join(' ')],
  ['sharedTo', ({ sharedWith }) => sharedWith && (sharedWith.to?.join(' ') ?? 'anybody who has the id')],
  ['sharedUntil', ({ sharedWith }) => sharedWith?.until],
  ['joined', ({ joined }) => joined?.checkId],
];

// What a spreadsheet takes for a formula, also after blanks and quotes, and some in full-width signs. An apostrophe before it
// guards against that; before an apostrophe, too, so that exactly one is to be taken away.
// https://owasp.org/www-community/attacks/CSV_Injection
const formula = `[^\\S\\t\\r\\n]*["'=+\\-@|\\uff1d\\uff0b\\uff0d\\uff20]`;
const begin = new RegExp(`^(?=[\\t\\r\\n]|${formula})`);
// Where `;` or a tab separates, or a quoted line break ends the record, a cell begins after these too: a German Excel reads
// `ok;=1+1` as two. There the sign itself is written as an escape, which cannot be taken for a guard.
const within = /(?<=[;\t\r\n][^\S\t\r\n]*)["=+\-@|\uff1d\uff0b\uff0d\uff20]/g;

/** Most cells are ids and times: looking for what there cannot be took two thirds of an export's time. */
const plain = /^(?:[\w/][\w./: -]*)?$/;

/** What Excel knows UTF-8 by. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Events as CSV (RFC 4180) with a byte order mark and a header line. Where a spreadsheet would compute, an apostrophe
 * stands before the cell; what is not to be seen, or would compute further on, is written as `\u202e`. To undo it, take one
 * apostrophe from the begin of a cell, then read the escapes.
 */
export function toCsv(events: readonly AuditEvent[]): string {
  const lines = events.map((event) => columns.map(([, cell]) => written(cell(event))).join(','));
  return BYTE_ORDER_MARK + [columns.map(([name]) => name).join(','), ...lines, ''].join('\r\n');
}

function written(cell: Cell): string {
  const given = String(cell ?? '');
  if (plain.test(given)) return given;
  const text = shown(given).replace(within, escaped).replace(begin, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text that has `\u202e` in letters keeps them apart from an escape: its backslash is written as one. */
const shown = (text: string): string => escapeHidden(text.replace(/\\(?=u[0-9a-f]{4})/g, '\\u005c'), '\t\r\n');
