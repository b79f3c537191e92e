import { useState } from 'preact/hooks';
import type { Check, SharedWith } from '../../../../client/answers.ts';
import { shareInWords } from '../../../../rendering/share-in-words.ts';
import { ActionButton } from '../../../parts/action-button.tsx';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { ErrorNote } from '../../../parts/error-note.tsx';
import { useProxy } from '../../../proxy.ts';
import { useAction } from '../../../use/use-action.ts';
import { ShareForm } from './share-form.tsx';

interface Share {
  readonly check: Check;
  readonly isOpen: boolean;
  readonly link: string;
}

/** With whom a check is shared, and a form to change that. */
export function Share({ check, isOpen, link }: Share) {
  const { client } = useProxy();
  const [shared, setShared] = useState<{ readonly with: SharedWith | undefined }>({ with: check.sharedWith });
  const takeBack = useAction(
    () => client.unshare(check.id),
    () => {
      setShared({ with: undefined });
    },
  );
  return (
    <>
      <p role="status" class="shared">
        {shared.with && `This check is ${shareInWords(shared.with)}.`}
      </p>
      {shared.with && (
        <div class="row">
          <CopyButton text={link} label="Copy link for them" />
          <ActionButton action={takeBack} busy="Taking back …" class="small">
            Take back
          </ActionButton>
        </div>
      )}
      {takeBack.error !== undefined && <ErrorNote error={takeBack.error} />}
      <div id="share" hidden={!isOpen}>
        <ShareForm
          before={shared.with}
          share={async (options) => {
            const { sharedWith } = await client.share(check.id, options);
            setShared({ with: sharedWith });
          }}
        />
      </div>
    </>
  );
}
