import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { momentInWords, visible } from '../../../rendering/visible.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { useAnswer } from '../../use/use-answer.ts';
import { AccountFacts, chatName } from './account-facts.tsx';
import { type ChatLink, createChatLinks, isNotSetUp, type OpenLink } from './chat-links.ts';

/** Where somebody says that a chat account is theirs. */
export function LinkView({ code }: { readonly code: string }) {
  const proxy = useProxy();
  const links = useMemo(() => createChatLinks(proxy), [proxy]);
  const { answer, error } = useAnswer((signal) => links.preview(code, signal), [code]);
  const [linked, setLinked] = useState<ChatLink>();
  return (
    <>
      <h1>Link a chat account with you</h1>
      <div role="status">{linked && <Linked link={linked} />}</div>
      {!linked && error !== undefined && <NotPossible error={error} />}
      {!linked && answer && error === undefined && (
        <Question open={answer} confirm={(signal) => links.confirm(code, signal)} onLinked={setLinked} />
      )}
      {!answer && error === undefined && <p class="quiet">Asking the chat whose account it is …</p>}
    </>
  );
}

function NotPossible({ error }: { readonly error: unknown }) {
  if (!isNotSetUp(error)) return <ErrorNote error={error} />;
  return (
    <div class="note doubtful" role="alert">
      <p>Chat is not set up here.</p>
    </div>
  );
}

interface QuestionProps {
  readonly open: OpenLink;
  readonly confirm: (signal: AbortSignal) => Promise<ChatLink>;
  readonly onLinked: (link: ChatLink) => void;
}

function Question({ open, confirm, onLinked }: QuestionProps) {
  const { me } = useProxy();
  const [error, setError] = useState<unknown>();
  const [isSending, setSending] = useState(false);
  const stop = useRef(new AbortController());
  useEffect(
    () => () => {
      stop.current.abort();
    },
    [],
  );
  const link = async () => {
    const { signal } = stop.current;
    setSending(true);
    try {
      onLinked(await confirm(signal));
    } catch (cause) {
      if (!signal.aborted) setError(cause);
    }
    setSending(false);
  };
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
      {error === undefined ? (
        <p class="row">
          <button class="primary" type="button" disabled={isSending} onClick={() => void link()}>
            {isSending ? 'Linking …' : 'Confirm'}
          </button>
          <a href={hrefs.ask()}>Cancel</a>
        </p>
      ) : (
        <>
          <ErrorNote error={error} />
          <p>
            <a href={hrefs.me}>See your linked accounts</a>
          </p>
        </>
      )}
      <p class="quiet">The link is good until {momentInWords(open.until)}.</p>
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
