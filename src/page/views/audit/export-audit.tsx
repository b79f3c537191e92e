import { useState } from 'preact/hooks';
import type { AuditOptions } from '../../../client/client.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { download } from '../../parts/download.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useProxy } from '../../proxy.ts';
import { useAction } from '../../use/use-action.ts';

/** Saves the present search as a file for a spreadsheet. */
export function ExportAudit({ search }: { readonly search: AuditOptions }) {
  const { client } = useProxy();
  const [said, say] = useState('');
  const saving = useAction(
    async (signal) => {
      const pages: string[] = [];
      say('Reading page 1 …');
      for await (const page of client.audit.export({ ...search, format: 'csv', signal })) {
        pages.push(page);
        say(`Reading page ${pages.length + 1} …`);
      }
      return pages;
    },
    (pages) => {
      download('audit.csv', 'text/csv', pages);
      say('Saved.');
    },
  );
  return (
    <>
      <ActionButton action={saving}>Save as CSV</ActionButton>
      <span class="quiet" role="status">
        {saving.error === undefined && said}
      </span>
      {saving.error !== undefined && <ErrorNote error={saving.error} />}
    </>
  );
}
