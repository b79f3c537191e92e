import { useMemo } from 'preact/hooks';
import { momentInWords, visible } from '../../../rendering/visible.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useProxy } from '../../proxy.ts';
import { useAction } from '../../use/use-action.ts';
import { useAnswer } from '../../use/use-answer.ts';
import { chatName } from './account-facts.tsx';
import { type ChatLink, createChatLinks } from './chat-links.ts';

/** Chat accounts that act for one; nothing where chat is not set up. */
export function LinkedAccounts() {
  const proxy = useProxy();
  const links = useMemo(() => createChatLinks(proxy), [proxy]);
  const { answer, error, again } = useAnswer((signal) => links.list(signal), []);
  const unlinking = useAction((signal, { id }: ChatLink) => links.remove(id, signal), again);
  if (answer === undefined && error === undefined) return null;
  return (
    <section aria-labelledby="chats">
      <h2 id="chats">Linked chat accounts</h2>
      {error !== undefined && <ErrorNote {...{ error, again }} />}
      {unlinking.error !== undefined && <ErrorNote error={unlinking.error} />}
      {answer?.length === 0 && (
        <p class="quiet">
          No chat account acts for you. To link one, write <code>link</code> there.
        </p>
      )}
      <ul>
        {answer?.map((link) => (
          <li key={link.id}>
            {visible(link.name)} in {visible(link.teamName ?? link.team)} ({chatName(link)}
            {link.email !== undefined && `, ${visible(link.email)}`}) acts for {visible(link.requester.name)} until{' '}
            {momentInWords(link.until)}.{' '}
            <ActionButton
              action={{
                ...unlinking,
                run: () => {
                  unlinking.run(link);
                },
              }}
              class="small"
            >
              Unlink <span class="spoken">{visible(link.name)}</span>
            </ActionButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
