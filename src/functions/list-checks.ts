import type { HttpHandler } from '@azure/functions';
import { z } from 'zod';
import { type AccessDeps, recordAccess } from '../audit/record-access.ts';
import { requireRole } from '../caller/require-role.ts';
import type { CheckList } from '../check/check-list.ts';
import { mayReadAll } from '../check/read.ts';
import { parseAddress } from '../contract/address.ts';
import { statusSchema } from '../contract/check.ts';
import { formatResourceId, parseResourceId } from '../contract/resource-id.ts';
import { reachabilitySchema } from '../contract/verdict.ts';
import { endpoint, type EndpointDeps } from './endpoint.ts';
import { nextLink, positionOf } from './next-link.ts';
import { inTenant, instant, requesterId, top } from './query-fields.ts';

export interface ListChecksDeps extends EndpointDeps, AccessDeps {
  readonly checkList: CheckList;
  readonly publicUrl: string;
}

const PAGE = 50;
const MAX_PAGE = 200;
const MAX_PLACE = 2048;

/** A resource id or an address in its one spelling; any other text is nobody's. */
const place = z
  .string()
  .min(1, 'Give a resource id or an address.')
  .max(MAX_PLACE, `Give at most ${MAX_PLACE} characters.`)
  .transform((text) => {
    const id = parseResourceId(text);
    return id ? formatResourceId(id) : (parseAddress(text)?.canonical ?? text);
  });

const querySchema = z.strictObject({
  requester: requesterId.optional(),
  source: place.optional(),
  destination: place.optional(),
  status: statusSchema.optional(),
  reachability: reachabilitySchema.optional(),
  from: instant.optional(),
  to: instant.optional(),
  top: top(MAX_PAGE).optional(),
  after: z.string().optional(),
});

const position = /^\d{13}(![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/;

/** `GET /api/checks`: one's own, or, with `Audit.Read`, everybody's, which is audited before it is answered. */
export function listChecks(deps: ListChecksDeps): HttpHandler {
  return endpoint(
    deps,
    { roles: ['Check.Request', 'Audit.Read'], query: querySchema },
    async ({ caller, origin, query, request }) => {
      const { top: most = PAGE, after, requester, ...rest } = query;
      const own = caller.requester.id;
      const asked = requester === undefined ? undefined : inTenant(requester, caller.requester.tenantId);
      const whose = mayReadAll(caller) ? asked : (asked ?? own);
      const place = positionOf(after, position);
      if (whose !== own) {
        requireRole(caller, 'Audit.Read');
        const { pathname, search } = new URL(request.url);
        await recordAccess(deps, { caller, origin, action: 'read', resource: pathname + search });
      }
      const { checks, next } = await deps.checkList.page({ ...rest, requester: whose }, most, place);
      const link = next === undefined ? {} : { nextLink: nextLink(deps.publicUrl, '/api/checks', request, next) };
      return { status: 200, jsonBody: { value: checks, ...link } };
    },
  );
}
