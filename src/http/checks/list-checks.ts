import type { HttpHandler, HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { type AccessDeps, recordAccess } from '../../audit/record-access.ts';
import { requireRole } from '../../caller/require-role.ts';
import type { CheckList } from '../../check/ports/check-list.ts';
import { mayReadAll } from '../../check/read.ts';
import { parseAddress } from '../../address/address.ts';
import { statusSchema } from '../../contract/check.ts';
import { formatResourceId, parseResourceId } from '../../arm/resource-id.ts';
import { reachabilitySchema } from '../../contract/verdict.ts';
import { stripQuery } from '../../contract/strip-query.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { nextLink, cursorOf } from '../next-link.ts';
import { inTenant, instant, requesterId, top } from '../query-fields.ts';

export interface ListChecksDeps extends HandlerDeps, AccessDeps {
  readonly checkList: CheckList;
  readonly publicUrl: string;
}

const PAGE = 50;
const MAX_PAGE = 200;

/** A resource id or an address in its one spelling, held to what a check's destination is held to. */
const place = z.string().transform((text, context) => {
  const id = parseResourceId(text);
  if (id) return formatResourceId(id);
  const address = parseAddress(text);
  if (address && !(address.kind === 'uri' && address.userInfo)) return address.canonical;
  context.addIssue({
    code: 'custom',
    message: 'Give a resource id or an address; a URI without user name and password.',
  });
  return z.NEVER;
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
  return httpHandler(
    deps,
    { roles: ['Check.Request', 'Audit.Read'], query: querySchema },
    async ({ caller, origin, query, request }) => {
      const { top: most = PAGE, after, requester, ...rest } = query;
      const own = caller.requester.id;
      const asked = requester === undefined ? undefined : inTenant(requester, caller.requester.tenantId);
      const whose = mayReadAll(caller) ? asked : (asked ?? own);
      const place = cursorOf(after, position);
      if (whose !== own) {
        requireRole(caller, 'Audit.Read');
        await recordAccess(deps, { caller, origin, action: 'read', resource: resourceOf(request, query) });
      }
      const { checks, next } = await deps.checkList.page({ ...rest, requester: whose }, most, place);
      const link = next === undefined ? {} : { nextLink: nextLink(deps.publicUrl, '/api/checks', request, next) };
      return { status: 200, jsonBody: { value: checks, ...link } };
    },
  );
}

/** Path and query for the audit, which keeps no query of an address. */
function resourceOf({ url, query }: HttpRequest, { source, destination }: z.infer<typeof querySchema>): string {
  const kept = new URLSearchParams(query);
  for (const [name, place] of Object.entries({ source, destination }))
    if (place !== undefined) kept.set(name, stripQuery(place) ?? '');
  const search = kept.toString();
  return new URL(url).pathname + (search === '' ? '' : `?${search}`);
}
