import { useState } from 'preact/hooks';
import type { CheckSet } from '../../../client/answers.ts';
import { csvOf } from '../../../contract/text/csv.ts';
import { renderSet, type RenderedSet } from '../../../rendering/render-set.ts';
import { shortId } from '../../../rendering/visible.ts';
import { download } from '../../parts/download.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { useWatched } from '../../use/use-watched.ts';
import { Matrix } from './matrix.tsx';
import { Members } from './members.tsx';

const hasEnded = ({ counts }: CheckSet): boolean => counts.running === 0;

/** `#/sets/{id}`: followed until all of it has ended. */
export function SetView({ id }: { readonly id: string }) {
  const { client, url } = useProxy();
  const [round, setRound] = useState(0);
  const get = (wait: number, signal: AbortSignal) => client.sets.get(id, { wait, signal });
  const { state: set, error } = useWatched({ get, hasEnded }, [id, round]);
  if (!set)
    return error === undefined ? (
      <p role="status">Reading …</p>
    ) : (
      <>
        <h1>Set {shortId(id)}</h1>
        <ErrorNote error={error} />
      </>
    );
  const rendered = renderSet(set, url);
  return (
    <>
      <h1>{rendered.title}</h1>
      <p class="row" role="status">
        <StateMark state={rendered.state} />
        <span>{rendered.sentence}</span>
      </p>
      {error !== undefined && <ErrorNote error={error} />}
      <Actions
        set={set}
        rendered={rendered}
        onCanceled={() => {
          setRound(round + 1);
        }}
      />
      <Matrix members={rendered.members} />
      <Members members={rendered.members} />
    </>
  );
}

interface ActionProps {
  readonly set: CheckSet;
  readonly rendered: RenderedSet;
  readonly onCanceled: () => void;
}

function Actions({ set, rendered, onCanceled }: ActionProps) {
  const { client } = useProxy();
  const [error, setError] = useState<unknown>();
  const [isSending, setSending] = useState(false);
  const act = (work: () => Promise<void>) => {
    setSending(true);
    setError(undefined);
    work()
      .catch(setError)
      .finally(() => {
        setSending(false);
      });
  };
  const again = async () => {
    location.hash = hrefs.set((await client.sets.rerun(set.id)).id);
  };
  const cancel = async () => {
    await client.sets.cancel(set.id);
    onCanceled();
  };
  return (
    <>
      <p class="row">
        <button
          type="button"
          disabled={isSending}
          onClick={() => {
            act(again);
          }}
        >
          Ask all again
        </button>
        {!rendered.hasEnded && (
          <button
            type="button"
            disabled={isSending}
            onClick={() => {
              act(cancel);
            }}
          >
            Cancel what has not ended
          </button>
        )}
        <button
          type="button"
          onClick={() => {
            saveCsv(set);
          }}
        >
          Save as CSV
        </button>
        {set.rerunOf !== undefined && <a href={hrefs.set(set.rerunOf)}>The set before</a>}
      </p>
      {error !== undefined && <ErrorNote error={error} />}
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
