import { foldCase } from '../../arm/fold-case.ts';
import { visible } from '../../rendering/visible.ts';
import type { Line } from '../../line/line.ts';
import type { Context, Outcome } from '../context.ts';
import { drawTable } from '../draw/draw-table.ts';
import { exitCodes } from '../exit-codes.ts';

/** What one may name: endpoints of the policy, and sources. */
export async function endpoints(
  { client, signal, terminal }: Context,
  { search = '' }: Extract<Line, { verb: 'endpoints' }>,
): Promise<Outcome> {
  const pages = [];
  for await (const page of client()
    .sources({ top: 500, signal, ...(search !== '' && { search }) })
    .pages())
    pages.push(page);
  const named = (await client().me({ signal })).endpoints.filter(({ name }) =>
    foldCase(name).includes(foldCase(search)),
  );
  const sources = pages.flatMap(({ value }) => value);
  const unreadable = pages.flatMap((page) => page.unreadable ?? []);
  const { paint } = terminal;
  const blocks = [
    titled(
      paint('bold', 'Endpoints'),
      named.map(({ name, resourceId, address, port }) => [
        name,
        resourceId ?? address ?? '',
        port === undefined ? '' : `port ${port}`,
      ]),
    ),
    titled(
      paint('bold', 'Sources'),
      sources.map(({ name, resourceGroup, region, state, agent, addresses = [] }) => [
        ...[name, resourceGroup, region, state, agent === 'absent' ? 'no agent' : '', addresses.join(' ')],
      ]),
    ),
    unreadable
      .map(({ subscription, code }) => visible(`Not everything of subscription ${subscription} could be read: ${code}`))
      .join('\n'),
  ].filter((block) => block !== '');
  const none =
    search === '' ? 'Nothing is open to you.' : `Nothing that is open to you has "${visible(search)}" in its name.`;
  return {
    json: { endpoints: named, sources, ...(unreadable.length > 0 && { unreadable }) },
    text: blocks.join('\n\n') || none,
    exit: exitCodes.ok,
  };
}

const titled = (title: string, rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? '' : `${title}\n${drawTable(rows.map((row) => row.map(visible)))}`;
