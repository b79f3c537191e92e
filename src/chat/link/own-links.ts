import { recordAccess } from '../../audit/record-access.ts';
import type { Actor } from '../../contract/actor.ts';
import { Problem } from '../../contract/problem.ts';
import type { Caller } from '../../contract/requester.ts';
import type { LookAfterDeps } from './acting-as.ts';
import type { Link } from './link.ts';
import { recordLink } from './record-link.ts';

type OwnLinksDeps = Pick<LookAfterDeps, 'links' | 'audit' | 'now' | 'newId' | 'deputy' | 'policy'>;

/** One's own links or, with `Check.Admin`, all, which is audited first. Throws `AuditUnavailable`, `StorageUnavailable`. */
export async function listLinks(deps: OwnLinksDeps, actor: Actor): Promise<readonly Link[]> {
  const { caller } = actor;
  const isAll = mayManage(caller);
  if (isAll) {
    const reason = 'The role Check.Admin may see and end every link of a chat account.';
    const decision = { allowed: true, reason, policy: deps.policy.hash };
    await recordAccess(deps, actor, { action: 'read', resource: '/api/chat/links', decision });
  }
  const found = await deps.links.list(isAll ? undefined : caller.requester.id);
  return found.map(({ link }) => link).filter(({ until }) => deps.now() < new Date(until));
}

/** Somebody can be first that often before we ask the caller to try again. */
const MAX_TRIES = 8;

/** Ends one's own link or, with `Check.Admin`, anybody's. Throws `NotFound`, `AuditUnavailable`, `StorageUnavailable`. */
export async function removeLink(deps: OwnLinksDeps, actor: Actor, id: string): Promise<Link> {
  let isAudited = false;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const stored = await deps.links.findById(id);
    if (!stored || !mayEnd(actor.caller, stored.link)) throw noSuchLink();
    if (!isAudited) await recordEnd(deps, actor, stored.link);
    isAudited = true;
    if (await deps.links.remove(stored)) return stored.link;
  }
  throw new Problem('StorageUnavailable', 'The link is moving too fast to be ended. Ask again.', {
    retryAfterSeconds: 1,
  });
}

const noSuchLink = (): Problem => new Problem('NotFound', 'There is no link of that id, or it is not yours.');

const isOwn = (caller: Caller, link: Link): boolean => link.caller.requester.id === caller.requester.id;

const mayEnd = (caller: Caller, link: Link): boolean => isOwn(caller, link) || mayManage(caller);

function recordEnd(deps: OwnLinksDeps, actor: Actor, link: Link): Promise<void> {
  const reason = isOwn(actor.caller, link)
    ? 'The person ended it.'
    : `The role Check.Admin may end every link. It acted for ${link.caller.requester.id}.`;
  return recordLink(deps, actor, { action: 'unlinked', account: link.account, decision: { allowed: true, reason } });
}

const mayManage = ({ roles }: Caller): boolean => roles.includes('Check.Admin');
