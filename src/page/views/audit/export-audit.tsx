import { useEffect, useRef, useState } from 'preact/hooks';
import type { AuditOptions } from '../../../client/client.ts';
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
      saveAs('audit.csv', new Blob(pages, { type: 'text/csv' }));
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

function saveAs(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
