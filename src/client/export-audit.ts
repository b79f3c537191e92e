import type { Base } from './address.ts';
import { textOf } from './answer.ts';
import type { ExportFormat } from './client.ts';
import { nextPath } from './list.ts';
import type { Send } from './send.ts';

const types: Readonly<Record<ExportFormat, string>> = { csv: 'text/csv', ndjson: 'application/x-ndjson' };

/** An export piece by piece; all pieces together are one file. */
export async function* exportAudit(
  deps: { readonly send: Send; readonly base: Base },
  first: string,
  { format, signal }: { readonly format: ExportFormat; readonly signal: AbortSignal | undefined },
): AsyncGenerator<string, void, undefined> {
  for (let path: string | undefined = first; path !== undefined;) {
    const answer = await deps.send({ method: 'GET', path, headers: { accept: types[format] }, signal });
    const text = textOf(answer);
    // Every page of CSV has its header, in one line.
    yield path === first || format === 'ndjson' ? text : text.slice(text.indexOf('\n') + 1);
    path = nextPath(deps.base, linkIn(answer.headers), path);
  }
}

const linkIn = (headers: Headers): string | undefined =>
  /<([^>]*)>\s*;\s*rel="?next"?/i.exec(headers.get('link') ?? '')?.[1];
