import { useState } from 'preact/hooks';
import type { AcceptedSet } from '../../../client/answers.ts';
import { createSetOfLines } from '../../../meaning/create-set-of-lines.ts';
import { visible } from '../../../rendering/visible.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { useAction } from '../../use/use-action.ts';

const SLOWEST_MILLISECONDS = 60_000;
const soon = (): AbortSignal => AbortSignal.timeout(SLOWEST_MILLISECONDS);

interface Props {
  /** Of a set of the policy that the address asks for. */
  readonly name: string;
  readonly reason: string;
}

/** Begins a set of the policy, or one of lines. What was accepted is shown. */
export function RunSet({ name, reason: given }: Props) {
  const { client, me } = useProxy();
  const [reason, setReason] = useState(given);
  const because = reason.trim() === '' ? {} : { reason: reason.trim() };
  const running = useAction(
    (_left, create: () => Promise<AcceptedSet>) => create(),
    ({ id }) => {
      location.hash = hrefs.set(id);
    },
  );
  return (
    <>
      <label for="reason">Because (for the audit)</label>
      <input
        id="reason"
        class="wide"
        maxLength={500}
        value={reason}
        onInput={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      {(name !== '' || me.sets.length > 0) && <h2>Sets of the policy</h2>}
      {name !== '' && !me.sets.includes(name) && <p>The policy has no set {visible(name)} for you.</p>}
      <p class="row">
        {me.sets.map((each) => (
          <ActionButton
            key={each}
            class={each === name ? 'primary' : ''}
            action={{
              isBusy: running.isBusy,
              run: () => {
                running.run(() => client.sets.create({ name: each, ...because }, { signal: soon() }));
              },
            }}
          >
            Run {visible(each)}
          </ActionButton>
        ))}
      </p>
      <h2>A set of your own</h2>
      <LinesForm
        isBusy={running.isBusy}
        onLines={(lines) => {
          running.run(() => createSetOfLines(client, lines, because, soon()));
        }}
      />
      {running.error !== undefined && <ErrorNote error={running.error} />}
    </>
  );
}

interface LinesFormProps {
  readonly isBusy: boolean;
  readonly onLines: (lines: string) => void;
}

function LinesForm({ isBusy, onLines }: LinesFormProps) {
  const [lines, setLines] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onLines(lines);
  };
  return (
    <form onSubmit={submit}>
      <label for="lines">Checks, one a line</label>
      <textarea
        id="lines"
        class="wide mono"
        rows={6}
        spellcheck={false}
        required
        placeholder={'web-01 sql-01:1433\nweb-01 https://status.example.com'}
        value={lines}
        onInput={(event) => {
          setLines(event.currentTarget.value);
        }}
      />
      <ActionButton action={{ isBusy }} busy="Sending …" class="primary">
        Run these
      </ActionButton>
    </form>
  );
}
