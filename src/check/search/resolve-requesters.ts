import type { KnownRequester, KnownRequesters } from '../../audit/known-requesters.ts';
import type { Caller, Requester } from '../../contract/requester.ts';
import { isGuid } from '../../contract/text/is-guid.ts';
import { foldName } from '../../contract/text/fold-name.ts';
import { requireRole } from '../../policy/require-role.ts';
import { mayReadAll } from '../sight/sight.ts';
import { found, gather, type One, type Resolved, wrong } from './resolved.ts';

interface Deps {
  readonly knownRequesters: KnownRequesters;
}

const wholeId = /^([^/]+)\/([^/]*)$/;

/**
 * Ids of requesters, each asked for by `<tenantId>/<objectId>`, object id or display name. Only whoever reads everybody's
 * checks learns of others' names. Throws `MissingRole`, `StorageUnavailable`.
 */
export async function resolveRequesters(
  deps: Deps,
  caller: Caller,
  asked: readonly string[] = [],
): Promise<Resolved<string>> {
  return gather('requester', await Promise.all(asked.map((text) => resolveOne(deps, caller, text))));
}

async function resolveOne({ knownRequesters }: Deps, caller: Caller, text: string): Promise<One<string>> {
  const { requester: own } = caller;
  const [, tenantId = '', objectId = ''] = wholeId.exec(text) ?? [];
  // A display name may have a slash, too.
  if (isGuid(tenantId)) return byWholeId(own, tenantId, objectId);
  const byObjectId = isGuid(text) ? [`${own.tenantId}/${text.toLowerCase()}`] : [];
  if (!mayReadAll(caller)) {
    if (byObjectId.length > 0) return found(...byObjectId);
    if (![own.name, own.objectId].some((each) => foldName(each) === foldName(text))) requireRole(caller, 'Audit.Read');
    return found(own.id);
  }
  const named = await knownRequesters.named(text);
  // A program without a name of its own is called by the id of its client.
  if (byObjectId.length > 0) return found(...new Set([...byObjectId, ...named.map(({ id }) => id)]));
  const [first, ...others] = named;
  if (!first) return wrong(`Nobody of that name has ever asked: give ${forms}.`);
  return others.length === 0 ? found(first.id) : wrong(...named.map(namesake));
}

function byWholeId(own: Requester, tenantId: string, objectId: string): One<string> {
  if (tenantId.toLowerCase() !== own.tenantId.toLowerCase())
    return wrong(`Nobody of that tenant is known: the proxy takes requests of tenant ${own.tenantId} alone.`);
  if (isGuid(objectId)) return found(`${own.tenantId}/${objectId.toLowerCase()}`);
  return wrong(`After the tenant stands the object id of a person or an application, a GUID: give ${forms}.`);
}

const forms = 'an object id, <tenantId>/<objectId>, or a display name as checks and events have it';

const namesake = ({ id, name, kind }: KnownRequester): string =>
  `Several are called so. One is ${id}: ${name} (${kind}).`;
