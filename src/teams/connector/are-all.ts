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

const pageSchema = z.object({
  members: z.array(z.object({ tenantId: z.string().optional().catch(undefined) })),
  continuationToken: z.string().nullish(),
});
type Page = z.infer<typeof pageSchema>;

/** Reads who is in a conversation, page by page. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context */
export async function areAll(
  deps: ConnectorDeps,
  to: Address,
  isSuch: (member: Member) => boolean,
): ReturnType<Connector['areAll']> {
  let next: string | undefined;
  for (let read = 0; read < MOST_PAGES; read++) {
    const page = await pageOf(deps, to, next);
    // A conversation without anybody is none that was read.
    if (!page || page.members.length === 0) return undefined;
    if (!page.members.every(isSuch)) return false;
    if (!page.continuationToken) return true;
    next = page.continuationToken;
  }
  return undefined;
}

async function pageOf(deps: ConnectorDeps, to: Address, next: string | undefined): Promise<Page | undefined> {
  const query = new URLSearchParams({ pageSize: String(PAGE_SIZE), ...(next && { continuationToken: next }) });
  const page = await callConnector(
    deps,
    to,
    { method: 'GET', path: `pagedMembers?${query.toString()}` },
    async (response, signal) => {
      const text = await textUpTo(MAX_ANSWER_BYTES, response, signal);
      return response.status === 200 ? pageSchema.safeParse(jsonOf(text)).data : undefined;
    },
  );
  return page && 'members' in page ? page : undefined;
}
