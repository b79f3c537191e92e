import { open, rename } from 'node:fs/promises';
import type { Api } from './ask-api.ts';

const LINE_FEED = 10;

interface Order {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Ends in .csv or .ndjson. */
  readonly out: string;
  readonly progress: (text: string) => void;
}

/** Joins the pages of an export into one file, a piece in memory at a time; the file has its name when it is whole. */
export async function exportAudit(api: Api, { from, to, out, progress }: Order): Promise<void> {
  const isCsv = out.endsWith('.csv');
  if (!isCsv && !out.endsWith('.ndjson')) throw new Error('Give --out a name that ends in .csv or .ndjson.');
  const period = new URLSearchParams({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  const file = await open(`${out}.part`, 'w', 0o600);
  let path: string | undefined = `/api/audit?${period.toString()}`;
  let [pages, bytes] = [0, 0];
  try {
    while (path !== undefined) {
      const page = await api.get(path, isCsv ? 'text/csv' : 'application/x-ndjson');
      // Every page of CSV has its header, in one line.
      let isHeader = isCsv && pages > 0;
      for await (const chunk of page.body) {
        const from = isHeader ? chunk.indexOf(LINE_FEED) + 1 : 0;
        if (isHeader && from === 0) continue;
        isHeader = false;
        bytes += (await file.write(chunk.subarray(from))).bytesWritten;
      }
      pages++;
      progress(`${pages} pages, ${(bytes / 1_000_000).toFixed(1)} MB`);
      path = page.next;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${out}.part`, out);
}
