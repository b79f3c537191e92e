import { type RenderedSet } from '../../rendering/render-set.ts';
import { drawState } from './draw-check.ts';
import { drawTable } from './draw-table.ts';
import type { Paint } from './paint.ts';

/** A set on a terminal: a line a check, and what is wrong with those where something is. */
export function drawSet({ title, state, sentence, members, id, link }: RenderedSet, paint: Paint): string {
  const rows = members.map((member) => [
    drawState(member.state, paint),
    member.changed === true ? paint('yellow', 'changed') : '',
    `${member.source} → ${member.destination}${member.way === '' ? '' : `: ${member.way}`}`,
  ]);
  const wrong = members.filter((member) => !['reachable', 'waiting', 'running'].includes(member.state));
  const sentences = [...new Set(wrong.map((member) => member.sentence))].join('\n');
  const blocks = [
    `${drawState(state, paint)}  ${paint('bold', title)}\n${sentence}`,
    drawTable(rows),
    sentences,
    `Id    ${id}\nLink  ${link}`,
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}
