import { type State, stateWords } from '../../rendering/state.ts';
import './state-mark.css';

/** For whoever sees no colour; the word stands beside it. */
const signs: Readonly<Record<State, string>> = {
  waiting: '…',
  running: '…',
  reachable: '✓',
  degraded: '!',
  unreachable: '✗',
  inconclusive: '?',
  failed: '!',
  canceled: '–',
  refused: '⊘',
};

/** A state in sign, word and colour. */
export const StateMark = ({ state }: { readonly state: State }) => (
  <span class={`state ${state}`}>
    <span aria-hidden="true">{signs[state]}</span> {stateWords[state]}
  </span>
);
