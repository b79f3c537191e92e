import type { Client } from '../../client/client.ts';
import { foldCase } from '../../arm/fold-case.ts';
import type { Line } from '../../line/line.ts';
import { type KnownEndpoint, endpointNamed } from '../../line/requests-of.ts';
import { nearest } from '../../contract/text/nearest.ts';
import { renderFlow } from '../../rendering/render-flow.ts';
import { visible } from '../../rendering/visible.ts';
import { usageError } from '../cli-error.ts';
import type { Context, Outcome } from '../context.ts';
import { drawState } from '../draw/draw-check.ts';
import { drawTable } from '../draw/draw-table.ts';
import { exitCodes } from '../exit-codes.ts';
import { endpointsFor } from '../../meaning/ask-by-meaning.ts';

/** `netcheck flow SOURCE DESTINATION[:PORT] [PROTOCOL]` */
export async function flow(context: Context, line: Extract<Line, { verb: 'flow' }>): Promise<Outcome> {
  const { signal, url, terminal } = context;
  const client = context.client();
  const known = { endpoints: await endpointsFor(client, [line], signal), client, signal };
  const { port, protocol } = line;
  const history = await client.flow({
    source: await sourceOf(line.source, known),
    destination: await destinationOf(line.destination, known),
    ...{ port, protocol, signal },
  });
  const { title, sentence, changes, newest } = renderFlow(history, new URL(url()).origin);
  const rows = newest.map(({ at, state, way }, index) => [
    ...[at, drawState(state, terminal.paint), way],
    history.newest[index]?.id ?? '',
  ]);
  const blocks = [
    `${terminal.paint('bold', title)}\n${sentence}`,
    changes.map((change) => `• ${change}`).join('\n'),
    drawTable(rows),
  ];
  return { json: history, text: blocks.filter((block) => block !== '').join('\n\n'), exit: exitCodes.ok };
}

/** By what names are found. */
interface Known {
  readonly endpoints: readonly KnownEndpoint[];
  readonly client: Client;
  readonly signal: AbortSignal;
}

/** A name is looked for here, so that one that nothing has is answered with the nearest. */
async function sourceOf(word: string, known: Known): Promise<string> {
  const { endpoints } = known;
  const endpoint = endpointNamed(word, endpoints);
  if (endpoint || word.includes('/')) return endpoint?.name ?? word;
  const ids = await idsNamed(word, known);
  if (ids.length === 1) return ids[0] ?? word;
  if (ids.length > 1)
    throw usageError(`Several sources are called "${word}": give one of\n${ids.map(visible).join('\n')}`);
  const near = nearest(
    word,
    endpoints.map(({ name }) => name),
  );
  throw usageError(
    `No source of the name "${word}" is open to you${near === undefined ? ': netcheck endpoints lists those that are.' : `: did you mean "${near}"?`}`,
  );
}

async function destinationOf(word: string, known: Known): Promise<string> {
  const endpoint = endpointNamed(word, known.endpoints);
  if (endpoint || /[/:]/.test(word) || /^[\d.]+$/.test(word)) return endpoint?.name ?? word;
  const [id, ...more] = await idsNamed(word, known);
  if (id !== undefined && more.length === 0) return id;
  // A host name of one label is told from the name of an endpoint by a final dot.
  return word.includes('.') ? word : `${word}.`;
}

async function idsNamed(name: string, { client, signal }: Known): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const source of client.sources({ search: name, top: 500, signal }))
    if (foldCase(source.name) === foldCase(name)) found.push(source.resourceId);
  return found;
}
