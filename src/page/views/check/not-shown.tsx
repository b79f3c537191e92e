import { NetcheckError } from '../../../client/netcheck-error.ts';
import { visible } from '../../../rendering/visible.ts';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useTitle } from '../../use/use-title.ts';

interface Failed {
  readonly error: unknown;
  readonly again: () => void;
}

/** Nothing is known of the check. */
export function NotShown({ id, error, again }: Failed & { readonly id: string }) {
  const { me } = useProxy();
  const isNone = error instanceof NetcheckError && error.status === 404;
  useTitle(isNone ? 'No such check' : 'Not answered');
  if (!isNone) {
    return (
      <>
        <h1>The check cannot be shown now</h1>
        <ErrorNote {...{ error, again }} />
      </>
    );
  }
  return (
    <>
      <h1>There is no check that you may read under this id</h1>
      <p>
        The id is <code>{id}</code>, and you are signed in as {visible(me.requester.name)}. It may be that
      </p>
      <ul>
        <li>it is somebody else’s check: ask them to open it and press Share, then look again;</li>
        <li>it was shared with you, and the share has ended or was taken back;</li>
        <li>its path leads where the policy does not let you look;</li>
        <li>the id is not whole: a shortened one stands for your own newest checks alone.</li>
      </ul>
      <div class="row">
        <button type="button" onClick={again}>
          Look again
        </button>
        <a href={hrefs.checks()}>Your checks</a>
        <a href={hrefs.ask()}>Ask a question</a>
      </div>
    </>
  );
}
