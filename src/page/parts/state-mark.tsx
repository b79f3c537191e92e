import { type State, stateSigns, stateWords } from '../../rendering/state.ts';
import './state-mark.css';

/** What was refused has not failed: it was never tried. */
const signs: Readonly<Record<State, string>> = { ...stateSigns, refused: '⊘' };

/** A state in sign, word and colour. */
export const StateMark = ({ state }: { readonly state: State }) => (
  <span class={`state ${state}`}>
    <span aria-hidden="true">{signs[state]}</span> {stateWords[state]}
  </span>
);
