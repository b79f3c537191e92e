import type { RenderedCheck } from '../../rendering/render-check.ts';
import type { RenderedHop } from '../../rendering/render-hops.ts';
import { type State, stateSigns, stateWords } from '../../rendering/state.ts';
import { type Paint, styleOf } from './paint.ts';

/** A check on a terminal, with its path. */
export function drawCheck(check: RenderedCheck, paint: Paint): string {
  const blocks = [
    `${drawState(check.state, paint)}  ${paint('bold', check.title)}\n${check.sentence}`,
    check.warnings.map((warning) => `${paint('yellow', '!')} ${warning}`).join('\n'),
    drawPath(check, paint),
    drawReasons(check, paint),
    drawFacts(check),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

export const drawState = (state: State, paint: Paint): string =>
  paint(styleOf[state], `${stateSigns[state]} ${stateWords[state]}`);

function drawPath({ hops, reasons }: RenderedCheck, paint: Paint): string {
  return hops.flatMap((hop, at) => drawHop(hop, at, { isLast: at === hops.length - 1, reasons, paint })).join('\n');
}

interface Path {
  readonly isLast: boolean;
  readonly reasons: RenderedCheck['reasons'];
  readonly paint: Paint;
}

function drawHop(hop: RenderedHop, at: number, { isLast, reasons, paint }: Path): readonly string[] {
  const told = hop.reasons.map((index) => reasons[index]?.message ?? '').filter((message) => message !== '');
  const stem = isLast ? ' ' : '│';
  const sign = told.length > 0 ? paint('red', '✗') : hop.role === 'between' ? '○' : '●';
  const kind = hop.kind === undefined || hop.role !== 'between' ? '' : `  ${paint('dim', hop.kind)}`;
  // The path mostly goes on to the next line; where it does not, the lines it goes to are told.
  const isStraight = hop.next.length === 0 || (hop.next.length === 1 && hop.next[0] === at + 1);
  const leads = isStraight ? '' : paint('dim', `  → ${hop.next.map((next) => String(next + 1)).join(', ')}`);
  const number = paint('dim', String(at + 1).padStart(2));
  return [
    `${number} ${sign} ${hop.name}${kind}${leads}`,
    ...told.map((message) => `   ${stem}   ${message}`),
    ...(isLast ? [] : [`   ${stem}`]),
  ];
}

function drawReasons({ reasons }: RenderedCheck, paint: Paint): string {
  return reasons
    .map(({ message, action, owner, contact }) => {
      const who = owner === 'nobody' ? '' : ` ${paint('dim', `(${[owner, contact].filter(Boolean).join(': ')})`)}`;
      return `${message}\n  → ${action}${who}`;
    })
    .join('\n');
}

function drawFacts({ facts, link }: RenderedCheck): string {
  const lines = [...facts, { name: 'Link', value: link }];
  const width = Math.max(...lines.map(({ name }) => name.length));
  return lines.map(({ name, value }) => `${name.padEnd(width)}  ${value}`).join('\n');
}
