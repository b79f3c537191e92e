import type { Actor } from '../../contract/actor.ts';
import type { ChatAccountView } from '../../contract/answer/chat-link.ts';
import { Problem } from '../../contract/problem.ts';
import type { Caller } from '../../contract/requester.ts';
import { DAY_MILLISECONDS, secondsAfter } from '../../contract/time.ts';
import type { ChatDoor, Profile } from '../ports/chat-door.ts';
import type { ChatQueue } from '../ports/chat-queue.ts';
import type { ChatRequests } from '../ports/chat-requests.ts';
import type { StoredCode } from '../ports/links.ts';
import { type LookAfterDeps, lookAtOf } from './acting-as.ts';
import { hashOfCode, type Link, linkIdOf, type OpenCode } from './link.ts';
import { type Person, whyNotLinked } from './may-link.ts';
import { recordLink } from './record-link.ts';

export interface ConfirmLinkDeps extends LookAfterDeps {
  readonly linkDays: number;
  readonly requests: Pick<ChatRequests, 'insert'>;
  readonly chatQueue: ChatQueue;
  readonly warn: (message: string, error: unknown) => void;
}

const DAY_SECONDS = DAY_MILLISECONDS / 1000;
/** When to ask again for what the chat could not say. */
const RETRY_SECONDS = 10;

/**
 * Which chat account a code stands for, as a person may see it; an application (`undefined`) is none. Throws `PolicyRefused`,
 * `NotFound`, `ChatUnavailable`, `StorageUnavailable`.
 */
export async function previewLink(
  deps: ConfirmLinkDeps,
  person: Person | undefined,
  code: string,
): Promise<ChatAccountView> {
  if (!person) throw new Problem('PolicyRefused', NO_PERSON);
  const { code: open } = await findCode(deps, code);
  const profile = await lookUp(deps, open);
  const { account, teamName, until } = open;
  return {
    ...account,
    ...(teamName !== undefined && { teamName }),
    ...seenOf(open, profile),
    until,
    days: deps.linkDays,
  };
}

/** What an application is told. */
const NO_PERSON = 'A chat account acts for a person: sign in as one.';

/**
 * Binds the chat account that a code stands for to the person who confirms it; an application (`undefined`) is none.
 * Whatever comes of it, the code is used up, except where the chat cannot be asked. Throws `NotFound`, `PolicyRefused`,
 * `ChatUnavailable`, `AuditUnavailable`, `StorageUnavailable`.
 */
export async function confirmLink(
  deps: ConfirmLinkDeps,
  actor: Actor,
  person: Person | undefined,
  code: string,
): Promise<Link> {
  const stored = await findCode(deps, code);
  const { code: open } = stored;
  const profile = await lookUp(deps, open);
  if (!(await deps.links.useCode(stored))) throw noSuchCode();
  if (!person) throw await refused(deps, actor, open, NO_PERSON);
  const why = whyNotLinked(profile, person);
  if (why !== undefined) throw await refused(deps, actor, open, why);
  const link = linkOf(deps, actor.caller, person, open, profile);
  await endFormer(deps, actor, link);
  await recordLink(deps, actor, { ...{ action: 'linked', account: open.account }, decision: allowed(link) });
  await deps.links.put(link);
  await tellAccount(deps, actor, open);
  return link;
}

async function findCode({ links, now }: ConfirmLinkDeps, code: string): Promise<StoredCode> {
  const stored = await links.findCode(hashOfCode(code));
  if (!stored || now() >= new Date(stored.code.until)) throw noSuchCode();
  return stored;
}

const noSuchCode = (): Problem =>
  new Problem('NotFound', 'This link was used, or its ten minutes are over: write "link" in the chat for a new one.');

async function lookUp({ doors }: ConfirmLinkDeps, { account }: OpenCode): Promise<Profile> {
  const profile = await doors[account.chat]?.lookUp(account);
  if (profile) return profile;
  throw new Problem(
    'ChatUnavailable',
    'The chat does not say now whose account it is: try again in a few seconds. If that goes on, tell the operators of the proxy.',
    { retryAfterSeconds: RETRY_SECONDS },
  );
}

async function refused(deps: ConfirmLinkDeps, actor: Actor, { account }: OpenCode, why: string): Promise<Problem> {
  await recordLink(deps, actor, { action: 'refused', account, decision: { allowed: false, reason: why } });
  return new Problem('PolicyRefused', why);
}

/** The name that the message had, where the chat tells none. */
const seenOf = ({ account, name }: OpenCode, profile: Profile): { readonly name: string; readonly email?: string } => ({
  name: profile.name ?? name ?? account.user,
  ...(profile.kind === 'person' && profile.email !== undefined && { email: profile.email }),
});

function linkOf(deps: ConfirmLinkDeps, caller: Caller, person: Person, open: OpenCode, profile: Profile): Link {
  const now = deps.now();
  const { account, teamName } = open;
  const until = secondsAfter(now, deps.linkDays * DAY_SECONDS).toISOString();
  return {
    id: linkIdOf(account),
    account,
    ...seenOf(open, profile),
    ...(teamName !== undefined && { teamName }),
    caller: carried(caller, account.chat, deps.doors[account.chat]?.agentOf(account)),
    signInNames: [...person.signInNames],
    linkedAt: now.toISOString(),
    until,
    confirmedAt: now.toISOString(),
    lookAt: lookAtOf({ until }, secondsAfter(now, DAY_SECONDS)),
  };
}

/** What a link carries of a token: the right to ask for checks, and nothing that reads or ends what is others'. */
function carried(
  { requester, roles, ...rest }: Caller,
  via: 'slack' | 'teams',
  agent: ReturnType<ChatDoor['agentOf']> | undefined,
): Caller {
  const isCarried = (role: string): boolean => role === 'Check.Request';
  const { id, tenantId, objectId, name, kind } = requester;
  return {
    ...rest,
    requester: { ...{ id, tenantId, objectId, name, kind, via }, ...(agent !== undefined && { agent }) },
    roles: roles.filter(isCarried),
    withheldRoles: roles.filter((role) => !isCarried(role)),
  };
}

const allowed = ({ until }: Link) => ({
  allowed: true,
  reason: `The account has the e-mail address, or the object id, of the person who confirmed it. It acts for them until ${until}.`,
});

/** The account acted for somebody else until now. */
async function endFormer(deps: ConfirmLinkDeps, { origin }: Actor, link: Link): Promise<void> {
  const former = await deps.links.find(link.account);
  if (!former || former.link.caller.requester.id === link.caller.requester.id) return;
  await recordLink(
    deps,
    { caller: former.link.caller, origin },
    {
      action: 'unlinked',
      account: link.account,
      decision: { allowed: true, reason: 'It was linked with another person.' },
    },
  );
}

/** The account is told what was bound, as the page tells the person. It is bound all the same. */
async function tellAccount(deps: ConfirmLinkDeps, { origin }: Actor, { account, place }: OpenCode): Promise<void> {
  const id = deps.newId();
  const time = deps.now().toISOString();
  const request = {
    ...{ id, account, asked: { kind: 'linked' as const }, place, origin },
    ...{ receivedAt: time, dueAt: time, state: 'received' as const, tries: 0 },
  };
  try {
    await Promise.all([deps.requests.insert({ request }), deps.chatQueue.send(id, 0)]);
  } catch (error) {
    deps.warn('A chat account could not be told that it is linked.', error);
  }
}
