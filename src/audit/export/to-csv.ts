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
];

// A spreadsheet takes a cell that begins so for a formula, some after blanks, some in full-width signs.
// https://owasp.org/www-community/attacks/CSV_Injection
const formula = /^\s*[=+\-@|\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/** Events as CSV (RFC 4180) with a header line; a cell that a spreadsheet would compute has an apostrophe before it. */
export function toCsv(events: readonly AuditEvent[]): string {
  const lines = events.map((event) => columns.map(([, cell]) => quoted(cell(event))).join(','));
  return [columns.map(([name]) => name).join(','), ...lines, ''].join('\r\n');
}

function quoted(cell: Cell): string {
  const text = String(cell ?? '');
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
