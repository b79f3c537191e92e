import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import type { AuditPage } from '../../audit/audit-history.ts';
import { toCsv } from '../../audit/export/to-csv.ts';
import { toNdjson } from '../../audit/export/to-ndjson.ts';
import { search, type SearchDeps } from '../../audit/search.ts';
import { Problem } from '../../contract/problem.ts';
import { type Call, httpHandler, type HandlerDeps } from '../handler.ts';
import { cursorOf, nextLink } from '../next-link.ts';
import { inTenant } from '../query-fields.ts';
import { auditOperations, MAX_EXPORT } from './operations.ts';

export interface ListAuditDeps extends HandlerDeps, SearchDeps {
  readonly publicUrl: string;
}

const PAGE = 50;
const MAX_PAGE = 1000;

// Cursors. Of all events: `time[!checkId!sequence]`. Of one check: `month[!sequence]`, or `month!r` and a reader as of all events.
const byTime = /^\d{13}(![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}!\d{6})?$/;
const ofCheck = /^\d{6}(!(\d{6}|r\d{13}![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}!\d{6}))?$/;

const exports = { 'text/csv': toCsv, 'application/x-ndjson': toNdjson } as const;
type ExportType = keyof typeof exports;

/** `GET /api/audit`, as JSON or as an export. */
export function listAudit(deps: ListAuditDeps): HttpHandler {
  return httpHandler(deps, auditOperations.listAudit, async (call) => {
    const { actor, query, request } = call;
    const { top, after, requester, ...rest } = query;
    const type = exportTypeOf(request.headers.get('accept'));
    if (!type && top !== undefined && top > MAX_PAGE) throw tooLong();
    const { tenantId } = actor.caller.requester;
    const url = new URL(request.url);
    const page = await search(deps, actor, {
      action: type ? 'exported' : 'read',
      resource: url.pathname + url.search,
      filter: { ...rest, ...(requester && { requester: inTenant(requester, tenantId) }) },
      top: top ?? (type ? MAX_EXPORT : PAGE),
      after: cursorOf(after, query.checkId === undefined ? byTime : ofCheck),
    });
    return answerOf(deps, call, page, type);
  });
}

const tooLong = (): Problem =>
  new Problem(
    'InvalidRequest',
    'JSON has at most 1,000 events a page: ask for fewer, or for an export of up to 5,000 with Accept: text/csv or application/x-ndjson.',
    { target: 'top' },
  );

function answerOf(
  { publicUrl }: ListAuditDeps,
  { request }: Call<unknown>,
  { events, next }: AuditPage,
  type: ExportType | undefined,
): HttpResponseInit {
  const link = next === undefined ? undefined : nextLink(publicUrl, '/api/audit', request, next);
  if (!type) return { status: 200, jsonBody: { value: events, ...(link === undefined ? {} : { nextLink: link }) } };
  return {
    status: 200,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      ...(type === 'text/csv' ? { 'content-disposition': 'attachment; filename="audit.csv"' } : {}),
      ...(link === undefined ? {} : { link: `<${link}>; rel="next"` }),
    },
    body: exports[type](events),
  };
}

/** The first type in the Accept header that is one of ours; any other is answered as JSON. */
function exportTypeOf(accept: string | null): ExportType | undefined {
  const wanted = (accept ?? '').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase());
  const first = wanted.find(
    (type) => type === 'application/json' || type === 'text/csv' || type === 'application/x-ndjson',
  );
  return first === 'application/json' ? undefined : first;
}
