import { useEffect, useRef, useState } from 'preact/hooks';
import type { Verification } from '../../../client/answers.ts';
import { momentInWords, visible } from '../../../rendering/visible.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useProxy } from '../../proxy.ts';
import type { Filters } from './filters.ts';

type State =
  | { readonly status: 'nothing' }
  | { readonly status: 'asking' }
  | { readonly status: 'verified'; readonly verification: Verification }
  | { readonly status: 'failed'; readonly error: unknown };

/** Holds the audit of the time that is searched to its checkpoints, when it is asked to. */
export function VerifyAudit({ from, to }: Pick<Filters, 'from' | 'to'>) {
  const { client } = useProxy();
  const [state, setState] = useState<State>({ status: 'nothing' });
  const stop = useRef(new AbortController());
  useEffect(
    () => () => {
      stop.current.abort();
    },
    [],
  );
  const verify = async () => {
    setState({ status: 'asking' });
    const { signal } = stop.current;
    const period = { ...(from.trim() !== '' && { from: from.trim() }), ...(to.trim() !== '' && { to: to.trim() }) };
    try {
      const verification = await client.audit.verification({ ...period, signal });
      setState({ status: 'verified', verification });
    } catch (error) {
      if (!signal.aborted) setState({ status: 'failed', error });
    }
  };
  return (
    <section aria-labelledby="verify">
      <h2 id="verify">Is it as it was written?</h2>
      <p>
        Every event is covered by a signed checkpoint. Verification holds {periodInWords(from, to)} to them, in whole
        days.
      </p>
      <button type="button" disabled={state.status === 'asking'} onClick={() => void verify()}>
        {state.status === 'asking' ? 'Verifying …' : 'Verify the audit'}
      </button>
      <div role="status">{state.status === 'verified' && <Verified {...state.verification} />}</div>
      {state.status === 'failed' && <ErrorNote error={state.error} />}
    </section>
  );
}

function periodInWords(from: string, to: string): string {
  if (from.trim() === '') return to.trim() === '' ? 'the last day' : `the day before ${visible(to)}`;
  return `the time from ${visible(from)} to ${to.trim() === '' ? 'now' : visible(to)}`;
}

function Verified({ valid, events, provenUntil, pending, faults, gaps }: Verification) {
  return (
    <div class={`note ${valid ? 'good' : 'wrong'}`}>
      <p>
        <strong>{valid ? '✓ The audit is as it was written.' : '✗ The audit is not as it was written.'}</strong>{' '}
        {events} {events === 1 ? 'event is' : 'events are'} as the checkpoints say
        {faults.length > 0 && `, ${faults.length} ${faults.length === 1 ? 'thing is' : 'things are'} not`}.
      </p>
      {provenUntil !== undefined && (
        <p>
          Proven until {momentInWords(provenUntil)}; {pending} {pending === 1 ? 'event waits' : 'events wait'} for the
          next checkpoint.
        </p>
      )}
      {faults.length > 0 && (
        <ul>
          {faults.map(({ kind, place, detail }) => (
            <li key={`${kind} ${place} ${detail}`}>
              <strong>{kindWords[kind]}</strong>: {visible(place)}. {visible(detail)}
            </li>
          ))}
        </ul>
      )}
      {gaps.length > 0 && (
        <ul>
          {gaps.map(({ from, to }) => (
            <li key={from}>
              No checkpoint was made from {momentInWords(from)} to {momentInWords(to)}.
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const kindWords: Readonly<Record<Verification['faults'][number]['kind'], string>> = {
  checkpointMissing: 'A checkpoint is missing',
  checkpointChanged: 'A checkpoint was changed',
  wrongKey: 'A checkpoint is signed with another key',
  edited: 'An event was changed',
  deleted: 'A row was deleted',
  moved: 'A row was moved',
  inserted: 'A row was added',
  unproven: 'An event cannot be proven',
  late: 'An event came too late',
  further: 'There is more of this kind',
};
