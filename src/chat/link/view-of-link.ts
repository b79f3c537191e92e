import type { ChatLinkView } from '../../contract/answer/chat-link.ts';
import type { Link } from './link.ts';

/** A link as it is answered. */
export const viewOfLink = ({ id, account, teamName, name, email, caller, linkedAt, until }: Link): ChatLinkView => ({
  id,
  ...account,
  ...(teamName !== undefined && { teamName }),
  name,
  ...(email !== undefined && { email }),
  requester: { id: caller.requester.id, name: caller.requester.name },
  roles: caller.roles,
  linkedAt,
  until,
});
