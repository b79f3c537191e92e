import type { HttpHandler } from '@azure/functions';
import { z } from 'zod';
import { type AccessDeps, recordAccess } from '../../audit/record-access.ts';
import { verify, type VerifyDeps } from '../../audit/verify/verify.ts';
import { Problem } from '../../contract/problem.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { reportVerification } from '../../log/report-verification.ts';
import { instant } from '../query-fields.ts';

const DAY_MILLISECONDS = 86_400_000;
const MAX_DAYS = 31;

const querySchema = z.strictObject({ from: instant.optional(), to: instant.optional() });

/** `GET /api/audit/verification`: holds the log to its checkpoints, the last day where nothing is asked. */
export function verifyAudit(deps: HandlerDeps & AccessDeps & VerifyDeps): HttpHandler {
  return httpHandler(
    deps,
    { roles: ['Audit.Read'], query: querySchema },
    async ({ caller, origin, query, request, log }) => {
      const now = deps.now();
      const from = query.from ?? new Date((query.to ?? now).getTime() - DAY_MILLISECONDS);
      const days = ((query.to ?? now).getTime() - from.getTime()) / DAY_MILLISECONDS;
      if (days < 0 || days > MAX_DAYS)
        throw new Problem('InvalidRequest', `Ask for at most ${MAX_DAYS} days, and give \`from\` before \`to\`.`, {
          target: 'from',
        });
      const { pathname, search } = new URL(request.url);
      await recordAccess(deps, { caller, origin, action: 'read', resource: pathname + search });
      const report = await verify(deps, { from, to: query.to });
      reportVerification(log, report);
      return { status: 200, jsonBody: report };
    },
  );
}
