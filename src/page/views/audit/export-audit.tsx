import { useEffect, useRef, useState } from 'preact/hooks';
import type { AuditOptions } from '../../../client/client.ts';
import { download } from '../../parts/download.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useProxy } from '../../proxy.ts';

type State =
  | { readonly status: 'nothing' | 'done' }
  | { readonly status: 'reading'; readonly pages: number }
  | { readonly status: 'failed'; readonly error: unknown };

/** Saves the present search as a file for a spreadsheet. */
export function ExportAudit({ search }: { readonly search: AuditOptions }) {
  const { client } = useProxy();
  const [state, setState] = useState<State>({ status: 'nothing' });
  const stop = useRef(new AbortController());
  useEffect(
    () => () => {
      stop.current.abort();
    },
    [],
  );
  const save = async () => {
    setState({ status: 'reading', pages: 0 });
    const { signal } = stop.current;
    const pages: string[] = [];
    try {
      for await (const page of client.audit.export({ ...search, format: 'csv', signal })) {
        pages.push(page);
        setState({ status: 'reading', pages: pages.length });
      }
      download('audit.csv', 'text/csv', pages);
      setState({ status: 'done' });
    } catch (error) {
      if (!signal.aborted) setState({ status: 'failed', error });
    }
  };
  return (
    <>
      <button type="button" disabled={state.status === 'reading'} onClick={() => void save()}>
        Save as CSV
      </button>
      <span class="quiet" role="status">
        {state.status === 'reading' && `Reading page ${state.pages + 1} …`}
        {state.status === 'done' && 'Saved.'}
      </span>
      {state.status === 'failed' && <ErrorNote error={state.error} />}
    </>
  );
}
