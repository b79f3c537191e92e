import type { CheckSet } from '../../../client/answers.ts';
import { csvOf } from '../../../contract/text/csv.ts';
import { renderSet, type RenderedSet } from '../../../rendering/render-set.ts';
import { shortId } from '../../../rendering/visible.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { download } from '../../parts/download.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Stale } from '../../parts/stale.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { useAction } from '../../use/use-action.ts';
import { useEndSaid } from '../../use/use-end-said.ts';
import { useTitle } from '../../use/use-title.ts';
import { useWatched } from '../../use/use-watched.ts';
import { Matrix } from './matrix.tsx';
import { Members } from './members.tsx';

const hasEnded = ({ counts }: CheckSet): boolean => counts.running === 0;

/** Soon enough to see results come in one after the other. */
const HOLD_SECONDS = 5;

/** `#/sets/{id}`: followed until all of it has ended. */
export function SetView({ id }: { readonly id: string }) {
  const { client } = useProxy();
  const { state, error, lookAgain } = useWatched<CheckSet>({
    get: (wait, signal) => client.sets.get(id, { wait, signal }),
    hasEnded,
    holdAfter: () => HOLD_SECONDS,
  });
  useTitle(`Set ${shortId(id)}`);
  if (!state)
    return error === undefined ? (
      <p role="status">Reading …</p>
    ) : (
      <>
        <h1>Set {shortId(id)}</h1>
        <ErrorNote error={error} again={lookAgain} />
      </>
    );
  return (
    <>
      <Shown set={state} onCanceled={lookAgain} />
      {error !== undefined && <Stale error={error} again={lookAgain} />}
    </>
  );
}

interface ShownProps {
  readonly set: CheckSet;
  readonly onCanceled: () => void;
}

function Shown({ set, onCanceled }: ShownProps) {
  const { url } = useProxy();
  const rendered = renderSet(set, url);
  return (
    <>
      <h1>{rendered.title}</h1>
      <p class="row">
        <StateMark state={rendered.state} />
        <span>{rendered.sentence}</span>
      </p>
      <p class="spoken" role="status">
        {useEndSaid('set', rendered)}
      </p>
      <Actions {...{ set, rendered, onCanceled }} />
      <Matrix members={rendered.members} />
      <Members members={rendered.members} />
    </>
  );
}

interface ActionProps extends ShownProps {
  readonly rendered: RenderedSet;
}

function Actions({ set, rendered, onCanceled }: ActionProps) {
  const { client } = useProxy();
  const again = useAction(
    () => client.sets.rerun(set.id),
    ({ id }) => {
      location.hash = hrefs.set(id);
    },
  );
  const cancel = useAction(() => client.sets.cancel(set.id), onCanceled);
  return (
    <>
      <p class="row">
        <ActionButton action={again} busy="Asking …">
          Ask all again
        </ActionButton>
        {!rendered.hasEnded && (
          <ActionButton action={cancel} busy="Canceling …">
            Cancel what has not ended
          </ActionButton>
        )}
        <button
          type="button"
          onClick={() => {
            saveCsv(set);
          }}
        >
          Save as CSV
        </button>
        <CopyButton text={rendered.link} label="Copy link" />
        {set.rerunOf !== undefined && <a href={hrefs.set(set.rerunOf)}>The set before</a>}
      </p>
      {again.error !== undefined && <ErrorNote error={again.error} />}
      {cancel.error !== undefined && <ErrorNote error={cancel.error} />}
    </>
  );
}

function saveCsv({ id, checks }: CheckSet): void {
  const header = ['source', 'destination', 'port', 'protocol', 'status', 'reachability', 'changed', 'id', 'sentence'];
  const records = checks.map(
    ({ source, destination, port, protocol, status, reachability, changed, id: checkId, sentence }) => [
      ...[source, destination, port, protocol, status, reachability, changed, checkId, sentence],
    ],
  );
  download(`set-${shortId(id)}.csv`, 'text/csv', [csvOf([header, ...records])]);
}
