import { z } from 'zod';
import { jsonOf } from '../../contract/json-of.ts';
import type { Address, Connector, Member } from '../ports/connector.ts';
import { callConnector, type ConnectorDeps } from './call-connector.ts';
import { textUpTo } from './text-up-to.ts';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** The most that Teams gives at once. In a chat it gives all. */
const PAGE_SIZE = 500;
/** Of the largest team: https://learn.microsoft.com/microsoftteams/limits-specifications-teams */
const MOST_PAGES = 50;
/** Whoever asks has more to do before others take over. */
const MOST_MILLISECONDS = 20_000;

const pageSchema = z.object({
  members: z.array(z.object({ tenantId: z.string().optional().catch(undefined) })).default([]),
  continuationToken: z.string().nullish(),
});
type Page = z.infer<typeof pageSchema>;

/**
 * Reads who is in a conversation, page by page. Where Teams has no list of that, because it knows no such conversation or
 * keeps none, nobody is read. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context
 */
export async function everyMember(
  deps: ConnectorDeps,
  to: Address,
  isSuch: (member: Member) => boolean,
): ReturnType<Connector['everyMember']> {
  const until = deps.now().getTime() + MOST_MILLISECONDS;
  let next: string | undefined;
  for (let read = 0; read < MOST_PAGES && deps.now().getTime() <= until; read++) {
    const page = await pageOf(deps, to, next);
    if (!page) return undefined;
    if (!page.members.every(isSuch)) return false;
    if (!page.continuationToken) return true;
    next = page.continuationToken;
  }
  return undefined;
}

async function pageOf(deps: ConnectorDeps, to: Address, next: string | undefined): Promise<Page | undefined> {
  const query = new URLSearchParams({ pageSize: String(PAGE_SIZE), ...(next && { continuationToken: next }) });
  const errand = { method: 'GET', path: `pagedMembers?${query.toString()}` } as const;
  const page = await callConnector(deps, to, errand, async (response, signal) => {
    const text = await textUpTo(MAX_ANSWER_BYTES, response, signal);
    if (response.status === 404) return nobody;
    const read = response.status === 200 ? pageSchema.safeParse(jsonOf(text)).data : undefined;
    return read ?? ({ kind: 'failed', cause: `Teams answered ${response.status}.` } as const);
  });
  if ('members' in page) return page;
  deps.warn('Teams does not say who reads in a conversation.', new Error(page.cause));
  return undefined;
}

const nobody: Page = { members: [] };
