import type { State } from '../../rendering/state.ts';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue';

/** Colours of a terminal; the text itself where there is none. */
export type Paint = (style: Style, text: string) => string;

const codes: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
};

export const paintFor = (isColoured: boolean): Paint =>
  isColoured ? (style, text) => `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m` : (_style, text) => text;

export const styleOf: Readonly<Record<State, Style>> = {
  waiting: 'blue',
  running: 'blue',
  reachable: 'green',
  degraded: 'yellow',
  unreachable: 'red',
  inconclusive: 'yellow',
  failed: 'red',
  canceled: 'dim',
  refused: 'red',
};
