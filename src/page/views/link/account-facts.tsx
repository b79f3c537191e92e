import { visible } from '../../../rendering/visible.ts';
import type { ChatAccount } from './chat-links.ts';

const chats: Readonly<Record<string, string>> = { slack: 'Slack', teams: 'Microsoft Teams' };

export const chatName = ({ chat }: ChatAccount): string => chats[chat] ?? visible(chat);

/** Which account it is, so that somebody can say whether it is theirs. */
export function AccountFacts({ account }: { readonly account: ChatAccount }) {
  const { chat, name, user, team, teamName, email } = account;
  return (
    <dl>
      <dt>Chat</dt>
      <dd>{chatName(account)}</dd>
      <dt>Name</dt>
      <dd>
        {visible(name)} <span class="quiet">{visible(user)}</span>
      </dd>
      <dt>{chat === 'teams' ? 'Tenant' : 'Team'}</dt>
      <dd>
        {teamName !== undefined && <>{visible(teamName)} </>}
        <span class="quiet">{visible(team)}</span>
      </dd>
      {email !== undefined && (
        <>
          <dt>E-mail</dt>
          <dd>{visible(email)}</dd>
        </>
      )}
    </dl>
  );
}
