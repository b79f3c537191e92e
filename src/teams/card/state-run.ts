import { type State, stateWords } from '../../rendering/state.ts';
import { run, type Run } from './card.ts';

/** The state in a word and a sign, which say the same as the colour. */
export const stateRun = (state: State): Run => {
  const { sign, color } = looks[state];
  return run(`${sign} ${stateWords[state]}  `, { weight: 'Bolder', ...(color && { color }) });
};

const looks: Readonly<Record<State, { readonly sign: string; readonly color?: Run['color'] }>> = {
  waiting: { sign: '…', color: 'Accent' },
  running: { sign: '…', color: 'Accent' },
  reachable: { sign: '✓', color: 'Good' },
  degraded: { sign: '!', color: 'Warning' },
  unreachable: { sign: '✗', color: 'Attention' },
  inconclusive: { sign: '?', color: 'Warning' },
  failed: { sign: '!', color: 'Attention' },
  canceled: { sign: '–' },
  refused: { sign: '✗', color: 'Attention' },
};
