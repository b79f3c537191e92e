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
import { endpointsFor } from './ask-by-meaning.ts';

/** `netcheck flow SOURCE DESTINATION[:PORT] [PROTOCOL]` */
export async function flow(context: Context, line: Extract<Line, { verb: 'flow' }>): Promise<Outcome> {
  const { signal, url, terminal } = context;
  const client = context.client();
  const endpoints = await endpointsFor(client, [line], signal);
  const { port, protocol } = line;
  const history = await client.flow({
    source: await sourceOf(line.source, endpoints, client, signal),
    destination: await destinationOf(line.destination, endpoints, client, signal),
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

/** Flows are asked for by endpoints and ids: a machine's name is looked for in the list of sources. */
async function sourceOf(
  word: string,
  endpoints: readonly KnownEndpoint[],
  client: Client,
  signal: AbortSignal,
): Promise<string> {
  const endpoint = endpointNamed(word, endpoints);
  if (endpoint || word.includes('/')) return endpoint?.name ?? word;
  const ids = await idsNamed(word, client, signal);
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

async function destinationOf(
  word: string,
  endpoints: readonly KnownEndpoint[],
  client: Client,
  signal: AbortSignal,
): Promise<string> {
  const endpoint = endpointNamed(word, endpoints);
  if (endpoint || /[/:]/.test(word) || /^[\d.]+$/.test(word)) return endpoint?.name ?? word;
  const [id, ...more] = await idsNamed(word, client, signal);
  if (id !== undefined && more.length === 0) return id;
  // A host name of one label is told from the name of an endpoint by a final dot.
  return word.includes('.') ? word : `${word}.`;
}

async function idsNamed(name: string, client: Client, signal: AbortSignal): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const source of client.sources({ search: name, top: 500, signal }))
    if (foldCase(source.name) === foldCase(name)) found.push(source.resourceId);
  return found;
}
