import type { Line } from '../../line/line.ts';
import { flowByMeaning } from '../../meaning/flow-by-meaning.ts';
import { renderFlow } from '../../rendering/render-flow.ts';
import type { Context, Outcome } from '../context.ts';
import { drawState } from '../draw/draw-check.ts';
import { drawTable } from '../draw/draw-table.ts';
import { exitCodes } from '../exit-codes.ts';

/** `netcheck flow SOURCE DESTINATION[:PORT] [PROTOCOL]` */
export async function flow(context: Context, line: Extract<Line, { verb: 'flow' }>): Promise<Outcome> {
  const { signal, url, terminal } = context;
  const history = await flowByMeaning(context.client(), line, signal);
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
