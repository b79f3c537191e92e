import { type Cell, csvOf } from '../../contract/text/csv.ts';
import type { AuditEvent } from '../event.ts';

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
  ['channel', ({ channel }) => channel],
];

/** Events as CSV with a header line; `csvOf` says how text is guarded in it. */
export const toCsv = (events: readonly AuditEvent[]): string =>
  csvOf([columns.map(([name]) => name), ...events.map((event) => columns.map(([, cell]) => cell(event)))]);
