import type { AuditFilter } from '../../audit/audit-history.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { stripQuery } from '../../contract/strip-query.ts';
import { type Conditions, flowConditions } from '../search/flow-columns.ts';
import { ownColumns } from './audit-rows.ts';

/** What the columns of an event's own row must say. Events keep no query of a URI, so none is looked for. */
export function conditionsOf({ requesters, actions, codes, ...flow }: AuditFilter): Conditions {
  const destinations = flow.destinations?.map((each) => ({ ...each, destination: stripQuery(each.destination) ?? '' }));
  return { requester: requesters, action: actions, code: codes, ...flowConditions({ ...flow, destinations }) };
}

/** The same of an event that was read. */
export function holds(filter: AuditFilter, event: AuditEvent): boolean {
  const columns = ownColumns(event);
  const { from, to, checkId, requestId } = filter;
  return (
    (from === undefined || event.time >= from.toISOString()) &&
    (to === undefined || event.time < to.toISOString()) &&
    (checkId === undefined || event.checkId === checkId) &&
    (requestId === undefined || event.requestId === requestId) &&
    Object.entries(conditionsOf(filter)).every(
      ([column, values]) =>
        values === undefined ||
        values.some((value) =>
          typeof value === 'string' ? columns[column] === value : columns[value.column] === value.value,
        ),
    )
  );
}
