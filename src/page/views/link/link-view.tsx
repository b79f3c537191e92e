import { useMemo, useState } from 'preact/hooks';
import { momentInWords, visible } from '../../../rendering/visible.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { useAction } from '../../use/use-action.ts';
import { useAnswer } from '../../use/use-answer.ts';
import { useTitle } from '../../use/use-title.ts';
import { AccountFacts, chatName } from './account-facts.tsx';
import { type ChatLink, createChatLinks, isUsedUp, type OpenLink } from './chat-links.ts';

/** Where somebody says that a chat account is theirs. */
export function LinkView({ code }: { readonly code: string }) {
  const proxy = useProxy();
  const links = useMemo(() => createChatLinks(proxy), [proxy]);
  const { answer, error, again } = useAnswer((signal) => links.preview(code, signal), [code]);
  const [linked, setLinked] = useState<ChatLink>();
  useTitle('Link a chat account');
  return (
    <>
      <h1>Link a chat account with you</h1>
      <div role="status">{linked && <Linked link={linked} />}</div>
      {!linked && error !== undefined && <ErrorNote error={error} again={isUsedUp(error) ? undefined : again} />}
      {!linked && answer && error === undefined && (
        <Question open={answer} confirm={(signal) => links.confirm(code, signal)} onLinked={setLinked} />
      )}
      {!answer && error === undefined && <p class="quiet">Asking the chat whose account it is …</p>}
    </>
  );
}

interface QuestionProps {
  readonly open: OpenLink;
  readonly confirm: (signal: AbortSignal) => Promise<ChatLink>;
  readonly onLinked: (link: ChatLink) => void;
}

function Question({ open, confirm, onLinked }: QuestionProps) {
  const { me } = useProxy();
  const linking = useAction(confirm, onLinked);
  return (
    <>
      <p>
        This account would act as <strong>{visible(me.requester.name)}</strong> for {open.days}{' '}
        {open.days === 1 ? 'day' : 'days'}: what it asks for is decided and recorded as if you had asked.
      </p>
      <AccountFacts account={open} />
      <p>
        Confirm it only if it is your own account, and you wrote <code>link</code> there yourself.
      </p>
      {linking.error !== undefined && (
        <>
          <ErrorNote error={linking.error} />
          <p>
            <a href={hrefs.me}>See your linked accounts</a>
          </p>
        </>
      )}
      {!isUsedUp(linking.error) && (
        <>
          <p class="row">
            <ActionButton action={linking} busy="Linking …" class="primary">
              Confirm
            </ActionButton>
            <a href={hrefs.ask()}>Cancel</a>
          </p>
          <p class="quiet">The link is good once, until {momentInWords(open.until)}.</p>
        </>
      )}
    </>
  );
}

function Linked({ link }: { readonly link: ChatLink }) {
  return (
    <div class="note good">
      <p>
        <strong>✓ Linked.</strong> This {chatName(link)} account acts for {visible(link.requester.name)} until{' '}
        {momentInWords(link.until)}.
      </p>
      <AccountFacts account={link} />
      {link.roles.length === 0 && <p>It may ask for nothing yet: you have not the role Check.Request.</p>}
      <p>
        <a href={hrefs.me}>Your linked accounts</a>, where you end it.
      </p>
    </div>
  );
}
