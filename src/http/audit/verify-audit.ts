import type { HttpHandler } from '@azure/functions';
import type { AccessDeps } from '../../audit/record-access.ts';
import { verifyOnRequest } from '../../audit/verify-on-request.ts';
import type { VerifyDeps } from '../../audit/verify/verify.ts';
import { momentAt } from '../../contract/search/moment.ts';
import { reportVerification } from '../../log/report-verification.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { auditOperations } from './operations.ts';

/** `GET /api/audit/verification` */
export function verifyAudit(deps: HandlerDeps & AccessDeps & VerifyDeps): HttpHandler {
  return httpHandler(deps, auditOperations.verifyAudit, async ({ actor, query, request, log }) => {
    const { pathname, search } = new URL(request.url);
    const [from, to] = [query.from, query.to].map((each) => each && momentAt(each, deps.now()));
    const report = await verifyOnRequest(deps, actor, { from, to, resource: pathname + search });
    reportVerification(log, report);
    return { status: 200, jsonBody: report };
  });
}
