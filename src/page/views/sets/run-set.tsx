import { useState } from 'preact/hooks';
import type { AcceptedSet } from '../../../client/answers.ts';
import type { Client } from '../../../client/client.ts';
import type { Ask } from '../../../line/line.ts';
import { readSetLines } from '../../../line/read-set-lines.ts';
import { requestsOf } from '../../../line/requests-of.ts';
import { askByMeaning, endpointsFor, withNearestSource } from '../../../meaning/ask-by-meaning.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';

const SLOWEST_MILLISECONDS = 60_000;

/** Begins a set of the policy, or one of lines. What was accepted is shown. */
export function RunSet() {
  const { client, me } = useProxy();
  const [error, setError] = useState<unknown>();
  const [isSending, setSending] = useState(false);
  const run = (create: () => Promise<AcceptedSet>) => {
    setSending(true);
    setError(undefined);
    create().then(
      ({ id }) => {
        location.hash = hrefs.set(id);
      },
      (cause: unknown) => {
        setError(cause);
        setSending(false);
      },
    );
  };
  return (
    <>
      {me.sets.length > 0 && (
        <>
          <h2>Sets of the policy</h2>
          <p class="row">
            {me.sets.map((name) => (
              <button
                key={name}
                type="button"
                disabled={isSending}
                onClick={() => {
                  run(() => client.sets.create({ name }, { signal: AbortSignal.timeout(SLOWEST_MILLISECONDS) }));
                }}
              >
                Run {name}
              </button>
            ))}
          </p>
        </>
      )}
      <h2>A set of your own</h2>
      <LinesForm
        isSending={isSending}
        onLines={(lines, reason) => {
          run(() => createFromLines(client, lines, reason));
        }}
      />
      {error !== undefined && <ErrorNote error={error} />}
    </>
  );
}

interface LinesFormProps {
  readonly isSending: boolean;
  readonly onLines: (lines: string, reason: string) => void;
}

function LinesForm({ isSending, onLines }: LinesFormProps) {
  const [lines, setLines] = useState('');
  const [reason, setReason] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onLines(lines, reason.trim());
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
      <p>
        <button type="submit" class="primary" disabled={isSending}>
          {isSending ? 'Sending …' : 'Run these'}
        </button>
      </p>
    </form>
  );
}

async function createFromLines(client: Client, lines: string, reason: string): Promise<AcceptedSet> {
  const signal = AbortSignal.timeout(SLOWEST_MILLISECONDS);
  const read = readSetLines(lines);
  if (!read.ok) throw new Error(read.message);
  const endpoints = await endpointsFor(client, read.asks, signal);
  const meanings = read.asks.map((ask) => meaningsOf(ask, endpoints));
  try {
    const { answer } = await askByMeaning(
      meanings,
      (index) => `checks[${index}].`,
      (checks) => client.sets.create({ checks, ...(reason !== '' && { reason }) }, { signal }),
    );
    return answer;
  } catch (error) {
    throw await withNearestSource(error, client, read.asks, endpoints, signal);
  }
}

function meaningsOf(ask: Ask, endpoints: Parameters<typeof requestsOf>[1]) {
  const read = requestsOf(ask, endpoints);
  if (read.ok) return read.requests;
  throw new Error(read.message);
}
