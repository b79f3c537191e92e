import { useState } from 'preact/hooks';
import type { Check } from '../../../client/answers.ts';
import type { RenderedCheck } from '../../../rendering/render-check.ts';
import { ticketOf } from '../../../rendering/ticket-of.ts';
import { visible } from '../../../rendering/visible.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { hasRole, useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { useAction } from '../../use/use-action.ts';
import { Share } from './share/share.tsx';

interface Props {
  readonly check: Check;
  readonly rendered: RenderedCheck;
  /** With which it is to be asked again. */
  readonly reason: string | undefined;
}

/** What can be done with a check, as far as the person may. */
export function Actions({ check, rendered, reason }: Props) {
  const { client, me } = useProxy();
  const isOwn = check.requester.id === me.requester.id;
  const [isSharing, setSharing] = useState(false);
  const again = useAction(
    () => client.rerun(check.id, { reason }),
    ({ id }) => {
      location.hash = hrefs.check(id);
    },
  );
  const cancel = useAction(() => client.cancel(check.id));
  return (
    <section aria-label="Actions">
      <div class="row">
        {hasRole(me, 'Check.Request') && (
          <ActionButton action={again} busy="Asking …" class={rendered.hasEnded ? 'primary' : ''}>
            Ask again
          </ActionButton>
        )}
        {!rendered.hasEnded && (isOwn || hasRole(me, 'Check.Admin')) && (
          <ActionButton action={cancel} busy="Canceling …">
            Cancel
          </ActionButton>
        )}
        {isOwn && (
          <button
            type="button"
            aria-expanded={isSharing}
            aria-controls="share"
            onClick={() => {
              setSharing(!isSharing);
            }}
          >
            Share
          </button>
        )}
        <Copies check={check} rendered={rendered} />
        <a href={flowOf(check)}>History of this flow</a>
      </div>
      {reason !== undefined && hasRole(me, 'Check.Request') && (
        <p class="quiet">{`Ask again gives this reason: ${visible(reason)}`}</p>
      )}
      {again.error !== undefined && <ErrorNote error={again.error} />}
      {cancel.error !== undefined && <ErrorNote error={cancel.error} />}
      {isOwn && <Share check={check} isOpen={isSharing} link={rendered.link} />}
    </section>
  );
}

/** What can be taken elsewhere. Reasons have a text for the ticket each. */
function Copies({ check, rendered }: { readonly check: Check; readonly rendered: RenderedCheck }) {
  const { me } = useProxy();
  const isPrivate = check.requester.id === me.requester.id && check.sharedWith === undefined;
  return (
    <>
      <CopyButton
        text={rendered.link}
        label="Copy link"
        copied={isPrivate ? 'Copied. Nobody else can read it until you share it.' : undefined}
      />
      {rendered.reasons.length === 0 && <CopyButton text={ticketOf(rendered)} label="Copy as text" />}
    </>
  );
}

/** Where the history of the same question is. */
function flowOf({ request: { source, destination, protocol } }: Check): string {
  const { resourceId, address, port = 0 } = destination;
  return hrefs.flows({
    source: source.resourceId,
    destination: resourceId ?? address,
    port: port === 0 ? undefined : String(port),
    protocol,
  });
}
