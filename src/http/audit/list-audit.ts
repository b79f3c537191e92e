import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import type { AuditFilter, AuditPage } from '../../audit/audit-history.ts';
import { toCsv } from '../../audit/export/to-csv.ts';
import { toNdjson } from '../../audit/export/to-ndjson.ts';
import { searchAudit, type SearchAuditDeps } from '../../check/search/search-audit.ts';
import { findId, type FindIdDeps } from '../../check/sight/find-id.ts';
import { Problem } from '../../contract/problem.ts';
import { type Call, httpHandler, type HandlerDeps } from '../handler.ts';
import { cursorOf, nextLink } from '../query/next-link.ts';
import { resourceOf } from '../query/resource-of.ts';
import { auditOperations, MAX_EXPORT } from './operations.ts';

export interface ListAuditDeps extends HandlerDeps, SearchAuditDeps, FindIdDeps {
  readonly publicUrl: string;
}

const PAGE = 50;
const MAX_PAGE = 1000;

// Cursors. Of all events: `time[!checkId!sequence]`. Of one check: `month[!sequence]`, or `month!r` and a reader as of all
// events. Of one request: either.
const byTime = /^\d{13}(![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}!\d{6})?$/;
const ofCheck = /^\d{6}(!(\d{6}|r\d{13}![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}!\d{6}))?$/;

const ofRequest = new RegExp(`${byTime.source}|${ofCheck.source}`);

function cursorPatternOf({ checkId, requestId }: { readonly checkId?: unknown; readonly requestId?: unknown }): RegExp {
  if (checkId !== undefined) return ofCheck;
  return requestId === undefined ? byTime : ofRequest;
}

const exports = { 'text/csv': toCsv, 'application/x-ndjson': toNdjson } as const;
type ExportType = keyof typeof exports;

/** `GET /api/audit`, as JSON or as an export. */
export function listAudit(deps: ListAuditDeps): HttpHandler {
  return httpHandler(deps, auditOperations.listAudit, async (call) => {
    const { actor, query, request } = call;
    const { top, after, checkId: given, ...rest } = query;
    const type = exportTypeOf(request.headers.get('accept'));
    if (!type && top !== undefined && top > MAX_PAGE) throw tooLong();
    const checkId = given === undefined ? undefined : await findId(deps, actor.caller, given);
    const page = await searchAudit(deps, actor, {
      action: type ? 'exported' : 'read',
      resource: resourceOf(request.url),
      asked: { ...rest, checkId },
      top: top ?? (type ? MAX_EXPORT : PAGE),
      after: cursorOf(after, cursorPatternOf(query)),
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
  { events, next, filter }: AuditPage & { readonly filter: AuditFilter },
  type: ExportType | undefined,
): HttpResponseInit {
  const link = next === undefined ? undefined : nextLink(publicUrl, request.url, filter, next);
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
