import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { AuditHistory, AuditPage } from '../../audit/audit-history.ts';
import { auditActionSchema } from '../../audit/event.ts';
import { type AccessDeps, recordAccess } from '../../audit/record-access.ts';
import { toCsv } from '../../audit/export/to-csv.ts';
import { toNdjson } from '../../audit/export/to-ndjson.ts';
import { Problem } from '../../contract/problem.ts';
import { type Call, httpHandler, type HandlerDeps } from '../handler.ts';
import { nextLink, cursorOf } from '../next-link.ts';
import { inTenant, instant, requesterId, top } from '../query-fields.ts';

export interface ListAuditDeps extends HandlerDeps, AccessDeps {
  readonly auditHistory: AuditHistory;
  readonly publicUrl: string;
}

const PAGE = 50;
const MAX_PAGE = 1000;
const MAX_EXPORT = 5000;

const querySchema = z.strictObject({
  checkId: z.uuid('Give the id of a check, a UUID.').toLowerCase().optional(),
  requester: requesterId.optional(),
  action: auditActionSchema.optional(),
  from: instant.optional(),
  to: instant.optional(),
  top: top(MAX_EXPORT).optional(),
  after: z.string().optional(),
});

// Where a page ended: an event's time, chain and sequence, or a time alone; of one check, a month and a sequence, or a month.
const byTime = /^\d{13}(![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}!\d{6})?$/;
const ofCheck = /^\d{6}(!\d{6})?$/;

const exports = { 'text/csv': toCsv, 'application/x-ndjson': toNdjson } as const;
type ExportType = keyof typeof exports;

/** `GET /api/audit`, as JSON or as an export. The reading is audited before it is answered. */
export function listAudit(deps: ListAuditDeps): HttpHandler {
  return httpHandler(deps, { roles: ['Audit.Read'], query: querySchema }, async (call) => {
    const { caller, origin, query, request } = call;
    const { top, after, requester, ...rest } = query;
    const type = exportTypeOf(request.headers.get('accept'));
    if (!type && top !== undefined && top > MAX_PAGE) throw tooLong();
    const place = cursorOf(after, query.checkId === undefined ? byTime : ofCheck);
    const { pathname, search } = new URL(request.url);
    await recordAccess(deps, { caller, origin, action: type ? 'exported' : 'read', resource: pathname + search });
    const filter = { ...rest, ...(requester && { requester: inTenant(requester, caller.requester.tenantId) }) };
    const page = await deps.auditHistory.page(filter, top ?? (type ? MAX_EXPORT : PAGE), place);
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
