import { useState } from 'preact/hooks';
import type { Verification } from '../../../client/answers.ts';
import { momentInWords, visible } from '../../../rendering/visible.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useProxy } from '../../proxy.ts';
import { useAction } from '../../use/use-action.ts';
import type { Filters } from './filters.ts';

/** Holds the audit of the time that is searched to its checkpoints, when it is asked to. */
export function VerifyAudit({ from, to }: Pick<Filters, 'from' | 'to'>) {
  const { client } = useProxy();
  const [verification, setVerification] = useState<Verification>();
  const verifying = useAction((signal) => {
    setVerification(undefined);
    const period = { ...(from.trim() !== '' && { from: from.trim() }), ...(to.trim() !== '' && { to: to.trim() }) };
    return client.audit.verification({ ...period, signal });
  }, setVerification);
  return (
    <section aria-labelledby="verify">
      <h2 id="verify">Is it as it was written?</h2>
      <p>
        Every event is covered by a signed checkpoint. Verification holds {periodInWords(from, to)} to them, in whole
        days.
      </p>
      <ActionButton action={verifying} busy="Verifying …">
        Verify the audit
      </ActionButton>
      <div role="status">{verification && <Verified {...verification} />}</div>
      {verifying.error !== undefined && <ErrorNote error={verifying.error} />}
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
