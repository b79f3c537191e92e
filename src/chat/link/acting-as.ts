import type { AuditLog } from '../../audit/audit-log.ts';
import { secondsAfter } from '../../contract/time.ts';
import type { Account, Chat } from '../account.ts';
import type { ChatDoor } from '../ports/chat-door.ts';
import type { Links, StoredLink } from '../ports/links.ts';
import type { Link } from './link.ts';
import { whyNotLinked } from './may-link.ts';
import { recordLink, type RecordLinkDeps } from './record-link.ts';

export type Doors = Readonly<Partial<Record<Chat, ChatDoor>>>;

export interface LookAfterDeps extends RecordLinkDeps {
  readonly audit: AuditLog;
  readonly links: Links;
  readonly doors: Doors;
}

const DAY_SECONDS = 86_400;
/** So long a link holds without the chat's word on it. */
const UNCONFIRMED_SECONDS = 2 * DAY_SECONDS;
/** When to ask again where the chat did not answer. */
const AGAIN_SECONDS = 3600;

/** The link by which an account acts for a person now; `undefined`: it acts for nobody. Throws `StorageUnavailable`, `AuditUnavailable`. */
export async function actingAs(deps: LookAfterDeps, account: Account): Promise<Link | undefined> {
  const stored = await deps.links.find(account);
  return stored && lookAfter(deps, stored);
}

/**
 * The link, where it still holds. Once a day the chat is asked whether the account may still be linked; a link that is
 * over is removed. Where it was replaced or ended meanwhile, that counts.
 */
export async function lookAfter(deps: LookAfterDeps, stored: StoredLink): Promise<Link | undefined> {
  const { link } = stored;
  const now = deps.now();
  if (now >= new Date(link.until)) return end(deps, stored, 'Its time is over.');
  if (now < secondsAfter(new Date(link.confirmedAt), DAY_SECONDS)) return link;
  const profile = await deps.doors[link.account.chat]?.lookUp(link.account);
  if (!profile) return unconfirmed(deps, stored, now);
  const { objectId } = link.caller.requester;
  const why = whyNotLinked(profile, { objectId, signInNames: link.signInNames });
  if (why !== undefined) return end(deps, stored, why);
  const next = { ...link, confirmedAt: now.toISOString(), lookAt: lookAtOf(link, secondsAfter(now, DAY_SECONDS)) };
  return goOn(deps, stored, next);
}

async function unconfirmed(deps: LookAfterDeps, stored: StoredLink, now: Date): Promise<Link | undefined> {
  const { link } = stored;
  if (now >= secondsAfter(new Date(link.confirmedAt), UNCONFIRMED_SECONDS))
    return end(deps, stored, 'The chat did not say for two days whose account it is.');
  return goOn(deps, stored, { ...link, lookAt: lookAtOf(link, secondsAfter(now, AGAIN_SECONDS)) });
}

/** Whoever was first has just looked after it, or the person has just linked the account anew, or ended the link. */
const goOn = async ({ links }: LookAfterDeps, stored: StoredLink, next: Link): Promise<Link | undefined> =>
  (await links.replace(stored, next)) ? next : (await links.find(next.account))?.link;

async function end(deps: LookAfterDeps, stored: StoredLink, reason: string): Promise<Link | undefined> {
  const { link } = stored;
  const isIt = (found: StoredLink): boolean => found.link.linkedAt === link.linkedAt;
  let found = await deps.links.find(link.account);
  if (!found || !isIt(found)) return found?.link;
  // The event first: one too many says no more than that two were at it, a missing one would be a gap.
  await recordEnd(deps, link, reason);
  while (found && isIt(found)) {
    if (await deps.links.remove(found)) return undefined;
    found = await deps.links.find(link.account);
  }
  return found?.link;
}

/** It is the proxy that ends it, so it has no request to go back to. */
const recordEnd = (deps: LookAfterDeps, link: Link, reason: string): Promise<void> =>
  recordLink(
    deps,
    { caller: link.caller, origin: { sourceAddress: 'unknown', requestId: deps.newId() } },
    { action: 'unlinked', account: link.account, decision: { allowed: true, reason } },
  );

export const lookAtOf = ({ until }: Pick<Link, 'until'>, next: Date): string =>
  next < new Date(until) ? next.toISOString() : until;

/** One run's bound: what is left is there for the next run, a minute later. */
const MOST_PER_RUN = 50;
/** The sweeper has others to look after: a chat that is slow keeps it no longer. */
const MOST_MILLISECONDS = 15_000;

/** Looks after all links whose time for it has come, and forgets codes that nobody used. Throws as `actingAs` does. */
export async function sweepLinks(deps: LookAfterDeps): Promise<void> {
  const begun = deps.now().getTime();
  for (const stored of await deps.links.due(deps.now(), MOST_PER_RUN)) {
    await lookAfter(deps, stored);
    if (deps.now().getTime() - begun > MOST_MILLISECONDS) break;
  }
  await deps.links.forgetCodes(deps.now());
}
